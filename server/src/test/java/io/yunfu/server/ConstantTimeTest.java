package io.yunfu.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.yunfu.kernel.Secret;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// That the rules find what they are there for.
class ConstantTimeTest {
  private static final String HERE = "io.yunfu.server";

  /// What nobody should write.
  @SuppressWarnings("unused")
  private static final class Careless {
    boolean bytes(byte[] claimed, byte[] expected) {
      return Arrays.equals(claimed, expected);
    }

    boolean text(Secret key, String claimed) {
      return key.reveal().equals(claimed);
    }

    boolean anyText(Secret key, List<String> claimed) {
      return claimed.stream().anyMatch(one -> one.equalsIgnoreCase(key.reveal()));
    }

    boolean digest(MessageDigest sha256, byte[] of, String claimed) {
      return claimed.contentEquals(Arrays.toString(sha256.digest(of)));
    }
  }

  @SuppressWarnings("unused")
  private static final class Careful {
    boolean bytes(byte[] claimed, byte[] expected) {
      return MessageDigest.isEqual(claimed, expected);
    }

    boolean text(Secret key, String claimed) {
      return key.matches(claimed);
    }
  }

  @Test
  void arrays_are_found() {
    assertThat(violations(Careless.class, true)).singleElement().asString().contains("bytes");
    assertThat(violations(Careful.class, true)).isEmpty();
  }

  @Test
  void secrets_and_digests_that_are_compared_as_texts_are_found() {
    assertThat(violations(Careless.class, false))
        .hasSize(3)
        .anySatisfy(one -> assertThat(one).contains(".text("))
        .anySatisfy(one -> assertThat(one).contains("anyText"))
        .anySatisfy(one -> assertThat(one).contains(".digest("));
    assertThat(violations(Careful.class, false)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "return sign.equals(expected);",
        "return expected.equals(fields.get(sign));",
        "if (computed.equals(paySign)) {",
        "return request.signature().equals(own);",
        "return Objects.equals(own, theirSignature);",
        "return own.equalsIgnoreCase(authenCode);",
      })
  void a_comparison_is_known_by_the_names_in_it(String line) {
    assertThat(ConstantTime.isOneByName(line)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "return name.equals(FIELD);",
        "filter(pair -> !pair.name().equals(Common.SIGNATURE))",
        "fields.text(\"sign_type\").filter(Rsa2.SIGN_TYPE::equals)",
        "return type.code().equals(code);",
        "return MessageDigest.isEqual(sign, own);",
      })
  void other_comparisons_are_left_alone(String line) {
    assertThat(ConstantTime.isOneByName(line)).isFalse();
  }

  private static List<String> violations(Class<?> type, boolean ofBytes) {
    var rule = ofBytes ? ConstantTime.noBytesInAHurry(HERE) : ConstantTime.noSecretsInAHurry(HERE);
    return rule.evaluate(new ClassFileImporter().importClasses(type))
        .getFailureReport()
        .getDetails();
  }
}
