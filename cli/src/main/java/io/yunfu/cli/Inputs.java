package io.yunfu.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// The files that options name; `-` is the standard input, which can be read once.
final class Inputs {
  private static final String STANDARD = "-";

  private final InputStream standard;
  private boolean used;

  Inputs(InputStream standard) {
    this.standard = standard;
  }

  /// @param option whose file it is, for messages
  /// @throws Misused if there is no such file, or if it is no text in UTF-8
  String text(String option, String file) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes(option, file))).toString();
    } catch (CharacterCodingException e) {
      throw new Misused(option + ": " + file + " is not UTF-8.");
    } catch (NoSuchFileException | InvalidPathException e) {
      throw new Misused(option + ": there is no file " + file + ".");
    } catch (IOException e) {
      throw new Misused(option + ": " + file + " cannot be read: " + e.getMessage());
    }
  }

  /// A secret: what the file holds but for the end of its last line.
  String secret(String option, String file) {
    String text = text(option, file).replaceFirst("\r?\n\\z", "");
    if (text.isEmpty()) {
      throw new Misused(option + ": " + file + " is empty.");
    }
    return text;
  }

  private byte[] bytes(String option, String file) throws IOException {
    if (!file.equals(STANDARD)) {
      return Files.readAllBytes(Path.of(file));
    }
    if (used) {
      throw new Misused(option + ": the standard input is read by another option already.");
    }
    used = true;
    return standard.readAllBytes();
  }
}
