/// The settings of a node: one tree of records, read once at start from a file, the environment and
/// the command line. Every key is declared in one place, with its default, its unit and its line of
/// documentation; every mistake is reported, all together.
@NullMarked
package io.yunfu.server.config;

import org.jspecify.annotations.NullMarked;
