package io.yunfu.wire.cpay;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/// The terminal that a call was made from. Source: `cloudpay.md` section 3.6.
///
/// @param terminalType 1 Windows, 2 Android, 3 iOS, 4 Linux, 100 other
/// @param subTerminalType brand code of the terminal, an unsigned number of 32 bits
/// @param spbillCreateIp of the machine that called: IPv4 or IPv6
public record OrderClient(
    Optional<String> deviceId,
    Optional<String> staffId,
    OptionalInt terminalType,
    OptionalLong subTerminalType,
    Optional<String> machineNo,
    Optional<String> sdkVersion,
    Optional<String> spbillCreateIp,
    Optional<String> snCode) {
  private static final int OTHER = 100;
  private static final Set<Integer> TERMINAL_TYPES = Set.of(1, 2, 3, 4, OTHER);
  private static final long LARGEST_UNSIGNED = 0xFFFF_FFFFL;

  /// The table says 16, which IPv6 does not fit into (OP-56).
  private static final int LONGEST_ADDRESS = 64;

  private static final Pattern ADDRESS = Pattern.compile("[0-9A-Fa-f.:]+");

  static OrderClient of(FieldReader client) {
    return new OrderClient(
        client.optionalIdentifier("device_id", 64),
        client.optionalIdentifier("staff_id", 64),
        terminalType(client),
        subTerminalType(client),
        client.optionalIdentifier("machine_no", 32),
        client.optionalIdentifier("sdk_version", 10),
        address(client),
        client.optionalIdentifier("sn_code", 127));
  }

  /// For calls whose terminal must at least name its address.
  static OrderClient withAddress(FieldReader client) {
    OrderClient read = of(client);
    if (read.spbillCreateIp.isEmpty()) {
      throw Results.FIELD_MISSING.refused(client.path("spbill_create_ip"));
    }
    return read;
  }

  private static OptionalInt terminalType(FieldReader client) {
    OptionalInt type = client.optionalInteger("terminal_type", 1, OTHER);
    if (type.isPresent() && !TERMINAL_TYPES.contains(type.getAsInt())) {
      throw Results.FIELD_INVALID.refused(client.path("terminal_type"));
    }
    return type;
  }

  private static OptionalLong subTerminalType(FieldReader client) {
    OptionalLong type = client.optionalNumber("sub_terminal_type");
    if (type.isPresent() && (type.getAsLong() < 0 || type.getAsLong() > LARGEST_UNSIGNED)) {
      throw Results.FIELD_OUT_OF_RANGE.refused(
          client.path("sub_terminal_type"), 0, LARGEST_UNSIGNED);
    }
    return type;
  }

  private static Optional<String> address(FieldReader client) {
    Optional<String> address = client.optionalIdentifier("spbill_create_ip", LONGEST_ADDRESS);
    if (address.isPresent() && !ADDRESS.matcher(address.get()).matches()) {
      throw Results.FIELD_INVALID.refused(client.path("spbill_create_ip"));
    }
    return address;
  }

  /// @param shopId the sub-merchant's own number of the shop, where it has one
  void write(ContentFields out, Optional<String> shopId) {
    out.optionalText("shop_id", shopId);
    out.text("device_id", deviceId.orElse(""));
    out.text("staff_id", staffId.orElse(""));
    out.text("machine_no", machineNo.orElse(""));
    out.integer("terminal_type", terminalType.orElse(OTHER));
    out.text("sdk_version", sdkVersion.orElse(""));
    out.text("spbill_create_ip", spbillCreateIp.orElse(""));
    out.integer("sub_terminal_type", subTerminalType.orElse(0));
    out.optionalText("sn_code", snCode);
  }
}
