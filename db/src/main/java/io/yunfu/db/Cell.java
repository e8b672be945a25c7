package io.yunfu.db;

import io.yunfu.kernel.CellId;

/// One cell: where its rows are, and where its row ids come from.
public record Cell(CellId id, Database database, IdBlocks ids) {}
