package io.yunfu.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.yunfu.kernel.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.crypto.Mac;

/// Rules that find comparisons which end at the first difference, where that tells something.
///
/// None of them alone sees everything: the first knows all comparisons of bytes, the second those
/// of texts in a method that has a secret or a digest in its hands, the third those whose names say
/// that it is one.
final class ConstantTime {
  static final String[] WITH_SECRETS = {
    "io.yunfu.wire..",
    "io.yunfu.channels..",
    "io.yunfu.gateway..",
    "io.yunfu.operator..",
    "io.yunfu.server.api..",
  };

  /// The modules of these.
  private static final List<String> MODULES =
      List.of("wire", "channels", "gateway", "operator", "server");

  private static final Set<String> OF_TEXTS =
      Set.of("equals", "equalsIgnoreCase", "contentEquals", "compareTo", "compareToIgnoreCase");

  /// A name that ends so, as the receiver or the argument of a comparison. In capitals it is a
  /// constant, and no secret.
  private static final Pattern NAMED =
      Pattern.compile(
          "(?:\\b\\w*(?:[sS]ignature|[sS]ign|[hH]mac|[mM]ac|[aA]uthenCode|[dD]igest|[pP]assword)(?:\\(\\))?"
              + "\\s*\\.equals(?:IgnoreCase)?\\("
              + "|(?:\\.|Objects\\.|Arrays\\.)equals(?:IgnoreCase)?\\([^;]*"
              + "\\b\\w*(?:[sS]ignature|[sS]ign|[hH]mac|[mM]ac|[aA]uthenCode|[dD]igest|[pP]assword)\\b)");

  static ArchRule noBytesInAHurry(String... packages) {
    return noClasses()
        .that()
        .resideInAnyPackage(packages)
        .should()
        .callCodeUnitWhere(
            DescribedPredicate.<JavaCall<?>>describe("compares arrays", ConstantTime::isOfArrays))
        .because("MessageDigest.isEqual does it in constant time");
  }

  static ArchRule noSecretsInAHurry(String... packages) {
    return classes()
        .that()
        .resideInAnyPackage(packages)
        .should(
            new ArchCondition<>("compare no secrets and no digests as texts") {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                type.getCodeUnits().stream()
                    .filter(unit -> accesses(unit).anyMatch(ConstantTime::isOfSecrets))
                    .filter(unit -> accesses(unit).anyMatch(ConstantTime::isOfTexts))
                    .forEach(unit ->
                        events.add(SimpleConditionEvent.violated(unit, unit.getFullName())));
              }
            });
  }

  private ConstantTime() {}

  /// Lines of the modules' sources in which something is compared that is named like a secret.
  static List<String> inSources(Path root) {
    var found = new ArrayList<String>();
    for (String module : MODULES) {
      try (Stream<Path> files = Files.walk(root.resolve(module).resolve("src/main/java"))) {
        for (Path file : files.filter(one -> one.toString().endsWith(".java")).toList()) {
          Files.readAllLines(file).stream()
              .filter(ConstantTime::isOneByName)
              .map(line -> file.getFileName() + ": " + line.strip())
              .forEach(found::add);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return found;
  }

  static boolean isOneByName(String line) {
    return NAMED.matcher(line).find();
  }

  /// Of whole arrays; those with places are for searching.
  private static boolean isOfArrays(JavaCall<?> call) {
    return call.getTargetOwner().isEquivalentTo(Arrays.class)
        && Set.of("equals", "compare", "mismatch").contains(call.getName())
        && call.getTarget().getRawParameterTypes().size() == 2;
  }

  private static Stream<JavaAccess<?>> accesses(JavaCodeUnit unit) {
    return Stream.concat(
        unit.getAccessesFromSelf().stream(), unit.getMethodReferencesFromSelf().stream());
  }

  private static boolean isOfSecrets(JavaAccess<?> access) {
    JavaClass owner = access.getTargetOwner();
    String name = access.getName();
    return (owner.isEquivalentTo(Secret.class) && name.equals("reveal"))
        || (owner.isEquivalentTo(Mac.class) && name.equals("doFinal"))
        || (owner.isEquivalentTo(MessageDigest.class) && name.equals("digest"))
        || (owner.isEquivalentTo(Signature.class) && name.equals("sign"));
  }

  private static boolean isOfTexts(JavaAccess<?> access) {
    JavaClass owner = access.getTargetOwner();
    return (owner.isEquivalentTo(String.class) && OF_TEXTS.contains(access.getName()))
        || (owner.isEquivalentTo(Objects.class) && access.getName().equals("equals"));
  }
}
