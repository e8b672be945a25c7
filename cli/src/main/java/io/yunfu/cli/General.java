package io.yunfu.cli;

/// The options that every operation has: to whom to speak, and how.
enum General {
  SERVER(
      "--server",
      "URL",
      "The server, such as https://billing.example.com. Otherwise YUNFU_ADMIN_URL, otherwise"
          + " http://127.0.0.1:8080."),
  TOKEN_FILE(
      "--token-file",
      "FILE",
      "A file that holds the token; `-` reads the standard input. Otherwise YUNFU_ADMIN_TOKEN_FILE,"
          + " otherwise YUNFU_ADMIN_TOKEN. The token itself is on no command line, since others can see"
          + " that."),
  DEMO("--demo", "DIR", "Server and token of a demo: those in DIR/demo.json, such as data/demo."),
  OUTPUT(
      "--output",
      "FORMAT",
      "table; json; or jsonl, an item a line. Otherwise a table on a terminal, and json elsewhere."),
  LANG(
      "--lang",
      "LANGUAGE",
      "Of the server's messages: en or zh-CN. Otherwise that of LC_ALL, LC_MESSAGES or LANG."),
  TIMEOUT("--timeout", "SECONDS", "How long to wait for each answer, 1 to 3600. Default: 60.");

  private final String option;
  private final String label;
  private final String about;

  General(String option, String label, String about) {
    this.option = option;
    this.label = label;
    this.about = about;
  }

  String option() {
    return option;
  }

  String label() {
    return label;
  }

  String about() {
    return about;
  }
}
