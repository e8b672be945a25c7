package io.yunfu.wire.tc3;

import java.util.Map;
import java.util.function.Function;

/// The parameters of a call, as sent. What they mean depends on what the action declares; so an
/// action reads all of them in one go:
///
/// ```java
/// record Input(List<String> orderIds, long autoVoucher, @Nullable String cpsUin) {
///   static Input of(ParameterReader in) {
///     return new Input(
///         in.requiredList("OrderIds", STRING),
///         in.optional("AutoVoucher", INTEGER, 0L),
///         in.optional("CpsUin", STRING));
///   }
/// }
/// var input = call.parameters().read(Input::of);
/// ```
public final class Parameters {
  private final Map<String, Value> root;
  private final boolean withCommon;

  /// @param withCommon whether common parameters may stand among these
  Parameters(Map<String, Value> root, boolean withCommon) {
    this.root = root;
    this.withCommon = withCommon;
  }

  /// Step 13 of the check order. Refuses, in this order: the first declared parameter that is
  /// missing; the first sent parameter that is not declared; the first declared parameter that is
  /// of another type. "First" is in the order of reading, and for what was not declared in the
  /// order of sending.
  ///
  /// @param form reads every parameter once, whatever the others hold, and only collects them:
  ///   while there is a problem it sees placeholders, and its result is thrown away
  public <T> T read(Function<ParameterReader, T> form) {
    var problems = new Problems();
    var reader = new ParameterReader(Path.ROOT, root, problems);
    T result;
    try {
      result = form.apply(reader);
    } catch (RuntimeException rejectsPlaceholders) {
      problems.refuse();
      throw rejectsPlaceholders;
    }
    reader.reportUnknown(name -> !(withCommon && Common.PARAMETERS.contains(name)));
    problems.refuse();
    return result;
  }
}
