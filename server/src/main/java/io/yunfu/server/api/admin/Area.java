package io.yunfu.server.api.admin;

import java.util.List;

/// The operations on one kind of thing, such as accounts. One class each; [Areas] lists them.
///
/// An operation's id begins with the name of its area: `accounts.open`.
public interface Area {
  /// Lower case; also the command of `yunfu admin`.
  String name();

  /// One sentence.
  String about();

  List<Operation> operations();
}
