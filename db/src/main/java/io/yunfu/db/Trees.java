package io.yunfu.db;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/// Folders with all they hold. Symbolic links are never followed.
final class Trees {
  private Trees() {}

  interface Step {
    void on(Path path) throws IOException;
  }

  static void delete(Path root) throws IOException {
    walk(root, Files::deleteIfExists);
  }

  static void give(Path root, int uid, int gid) throws IOException {
    walk(root, path -> Modes.give(path, uid, gid));
  }

  /// What a folder holds comes before the folder. A file that vanishes meanwhile is passed over.
  private static void walk(Path root, Step step) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            return visit(file);
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException trouble)
              throws IOException {
            return visit(folder);
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException trouble)
              throws IOException {
            if (trouble instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw trouble;
          }

          private FileVisitResult visit(Path path) throws IOException {
            try {
              step.on(path);
            } catch (NoSuchFileException e) {
              return FileVisitResult.CONTINUE;
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
