package io.yunfu.wire.tc3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Section 1.12: codes are part of the contract, messages are for people.
class ErrorsTest {
  @Test
  void the_common_list_is_complete_and_spelled_as_published() {
    assertThat(CommonErrors.ALL.stream().map(ErrorTemplate::code))
        .containsExactly(
            "ActionOffline",
            "AuthFailure.InvalidAuthorization",
            "AuthFailure.InvalidSecretId",
            "AuthFailure.MFAFailure",
            "AuthFailure.SecretIdNotFound",
            "AuthFailure.SignatureExpire",
            "AuthFailure.SignatureFailure",
            "AuthFailure.TokenFailure",
            "AuthFailure.UnauthorizedOperation",
            "DryRunOperation",
            "FailedOperation",
            "InternalError",
            "InvalidAction",
            "InvalidParameter",
            "InvalidParameterValue",
            "InvalidRequest",
            "IpInBlacklist",
            "IpNotInWhitelist",
            "LimitExceeded",
            "MissingParameter",
            "NoSuchProduct",
            "NoSuchVersion",
            "RequestLimitExceeded",
            "RequestLimitExceeded.GlobalRegionUinLimitExceeded",
            "RequestLimitExceeded.IPLimitExceeded",
            "RequestLimitExceeded.UinLimitExceeded",
            "RequestSizeLimitExceeded",
            "ResourceInUse",
            "ResourceInsufficient",
            "ResourceNotFound",
            "ResourceUnavailable",
            "ResponseSizeLimitExceeded",
            "ServiceUnavailable",
            "UnauthorizedOperation",
            "UnknownParameter",
            "UnsupportedOperation",
            "UnsupportedProtocol",
            "UnsupportedRegion");
  }

  @Test
  void every_common_error_has_words_in_both_languages() {
    for (ErrorTemplate template : CommonErrors.ALL) {
      ApiError error = template.with("a", "b");
      assertThat(error.message(Language.ENGLISH)).as(error.code()).endsWith(".").isNotEqualTo(".");
      assertThat(error.message(Language.CHINESE)).as(error.code()).endsWith("。").isNotEqualTo("。");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ActionOffline | Action `a` has been taken offline.",
        "AuthFailure.SignatureExpire | Timestamp `a` is outside the 5 minute window.",
        "AuthFailure.UnauthorizedOperation | Not authorised to call `a`.",
        "InvalidAction | Action `a` does not exist in version `b`.",
        "InvalidParameter | Parameter `a` must be of type `b`.",
        "InvalidParameterValue | Value `a` of parameter `b` is not acceptable.",
        "MissingParameter | Required parameter `a` is missing.",
        "NoSuchVersion | Version `a` does not exist.",
        "RequestLimitExceeded | `a` calls in this second, the limit is `b`.",
        "UnknownParameter | Parameter `a` is not known."
      })
  void values_stand_in_backticks_as_the_template_says(String code, String message) {
    ErrorTemplate template =
        CommonErrors.ALL.stream().filter(t -> t.code().equals(code)).findFirst().orElseThrow();
    assertThat(template.with("a", "b").english()).isEqualTo(message);
  }

  @Test
  void a_refusal_says_what_it_was_and_costs_no_stack_trace() {
    ApiRefused refused = CommonErrors.MISSING_PARAMETER.refused("OrderIds");
    assertThat(refused).hasMessage("MissingParameter: Required parameter `OrderIds` is missing.");
    assertThat(refused.getStackTrace()).isEmpty();
    assertThat(refused.error()).isEqualTo(CommonErrors.MISSING_PARAMETER.with("OrderIds"));
  }

  @Test
  void other_words_keep_the_code() {
    assertThat(CommonErrors.FAILED_OPERATION.saying("Busy.", "忙。").with())
        .isEqualTo(new ApiError("FailedOperation", "Busy.", "忙。"));
  }

  @Test
  void a_value_that_looks_like_a_hole_stays_as_it_is() {
    assertThat(CommonErrors.INVALID_PARAMETER_VALUE.with("{1}", "{0}").english())
        .isEqualTo("Value `{1}` of parameter `{0}` is not acceptable.");
  }

  @Test
  void a_value_is_cut_cleaned_and_kept_inside_its_backticks() {
    var template = new ErrorTemplate("X", "`{0}`", "`{0}`");
    assertThat(template.with("a`b").english()).isEqualTo("`a?b`");
    assertThat(template.with("a\r\nb\tc\u0000d\u001b").english()).isEqualTo("`a??b?c?d?`");
    assertThat(template.with("a\u202eb\u200bc\u2028d\ue000e\ufeff").english())
        .isEqualTo("`a?b?c?d?e?`");
    assertThat(template.with("\ud800x").english()).isEqualTo("`?x`");
    assertThat(template.with("代金券 \uD83D\uDE00").english()).isEqualTo("`代金券 \uD83D\uDE00`");
    assertThat(template.with("x".repeat(100)).english()).isEqualTo("`" + "x".repeat(100) + "`");
    assertThat(template.with("x".repeat(101)).english()).isEqualTo("`" + "x".repeat(100) + "…`");
    assertThat(template.with("x".repeat(99) + "\uD83D\uDE00").english())
        .isEqualTo("`" + "x".repeat(99) + "…`");
  }

  @Test
  void a_list_names_all_deals_of_a_call() {
    var template = new ErrorTemplate("X", "`{0}`", "`{0}`");
    assertThat(template.with(List.of("a", "b", "c")).english()).isEqualTo("`a, b, c`");
    String id = "20260101000000000000011";
    assertThat(template.with(Collections.nCopies(100, id)).english())
        .isEqualTo("`" + String.join(", ", Collections.nCopies(100, id)) + "`");
    assertThat(template.with(Collections.nCopies(1000, id)).english())
        .hasSizeLessThan(4200)
        .endsWith("…`");
  }

  @Test
  void templates_whose_languages_disagree_are_our_own_mistake() {
    assertThatThrownBy(() -> new ErrorTemplate("X", "{0} {1}", "{0}"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ErrorTemplate("X", "{a}", "{a}"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ErrorTemplate("X", "{0", "{0"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ErrorTemplate(" ", "", ""))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ErrorTemplate("X", "{0}", "{0}").with())
        .isInstanceOf(IllegalArgumentException.class);
  }
}
