package io.yunfu.server.http;

import static io.yunfu.kernel.Check.require;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// Header fields in the order of the wire. Names are compared without regard to case.
public final class Headers implements Iterable<Header> {
  public static final Headers NONE = new Headers(List.of());

  private final List<Header> fields;

  public Headers(List<Header> fields) {
    this.fields = List.copyOf(fields);
  }

  /// A list written in one line.
  ///
  /// @param namesAndValues name, value, name, value, …
  public static Headers of(String... namesAndValues) {
    require(namesAndValues.length % 2 == 0, "a header without a value");
    List<Header> fields = new ArrayList<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      fields.add(new Header(namesAndValues[i], namesAndValues[i + 1]));
    }
    return new Headers(fields);
  }

  public Optional<String> first(String name) {
    for (Header field : fields) {
      if (field.name().equalsIgnoreCase(name)) {
        return Optional.of(field.value());
      }
    }
    return Optional.empty();
  }

  /// Asked a dozen times for each request, mostly for what is there once or not at all.
  public List<String> all(String name) {
    List<String> found = List.of();
    for (Header field : fields) {
      if (field.name().equalsIgnoreCase(name)) {
        if (found.isEmpty()) {
          found = List.of(field.value());
        } else {
          found = new ArrayList<>(found);
          found.add(field.value());
        }
      }
    }
    return found.size() > 1 ? List.copyOf(found) : found;
  }

  public boolean has(String name) {
    return first(name).isPresent();
  }

  /// These, and one more at the end.
  public Headers with(String name, String value) {
    List<Header> more = new ArrayList<>(fields);
    more.add(new Header(name, value));
    return new Headers(more);
  }

  /// These but for the fields of one name.
  public Headers without(String name) {
    return has(name)
        ? new Headers(
            fields.stream().filter(field -> !field.name().equalsIgnoreCase(name)).toList())
        : this;
  }

  public List<Header> list() {
    return fields;
  }

  @Override
  public Iterator<Header> iterator() {
    return fields.iterator();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Headers headers && fields.equals(headers.fields);
  }

  @Override
  public int hashCode() {
    return fields.hashCode();
  }

  /// The names alone: values may be secrets.
  @Override
  public String toString() {
    return fields.stream().map(Header::name).toList().toString();
  }
}
