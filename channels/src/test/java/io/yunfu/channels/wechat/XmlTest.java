package io.yunfu.channels.wechat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunfu.channels.Unreadable;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class XmlTest {
  @Test
  void text_and_cdata_are_read_and_space_between_elements_is_not() {
    assertThat(read("<xml>\n <a><![CDATA[x<y]]></a>\r\n <b>1 &amp; &#20113;</b><c/>\n</xml>\n"))
        .containsExactly(Map.entry("a", "x<y"), Map.entry("b", "1 & 云"), Map.entry("c", ""));
  }

  @Test
  void the_declaration_and_a_byte_order_mark_do_no_harm() {
    assertThat(read("\uFEFF<?xml version=\"1.0\" encoding=\"UTF-8\"?><xml><a>1</a></xml>"))
        .containsOnlyKeys("a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "   ",
        "<",
        "<xml>",
        "<xml><a>1</a>",
        "<xml><a>1</b></xml>",
        "<xml><a>1</a></xml><xml/>",
        "<xml><a>1</a></xml>x",
        "<html><body>502 Bad Gateway</body></html>",
        "<root><a>1</a></root>",
        "<xml><a><b>1</b></a></xml>",
        "<xml><a>1</a><a>2</a></xml>",
        "<xml><a>1</a><a>1</a></xml>",
        "<xml>x<a>1</a></xml>",
        "<xml><a>1</a>x</xml>",
        "<xml><a b='1'>1</a></xml>",
        "<xml xmlns='urn:x'><a>1</a></xml>",
        "<xml xmlns:p='urn:x'><p:a>1</p:a></xml>",
        "<xml><a>1</a><?php x?></xml>",
        "<xml><a>&unknown;</a></xml>",
        "<xml><a>&#0;</a></xml>",
        "<!DOCTYPE xml><xml><a>1</a></xml>",
        "<!DOCTYPE xml [<!ENTITY e 'x'>]><xml><a>&e;</a></xml>",
        "{\"return_code\":\"SUCCESS\"}",
      })
  void what_is_no_message_is_unreadable(String text) {
    assertUnreadable(text.getBytes(UTF_8));
  }

  @Test
  void what_is_not_utf_8_is_unreadable() {
    assertUnreadable("<xml><a>云</a></xml>".getBytes(Charset.forName("GBK")));
    assertUnreadable("<xml><a>1</a></xml>".getBytes(java.nio.charset.StandardCharsets.UTF_16));
  }

  @Test
  void a_file_is_not_read(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("secret"), "secret");
    assertUnreadable(
        "<!DOCTYPE xml [<!ENTITY e SYSTEM '%s'>]><xml><a>&e;</a></xml>"
            .formatted(file.toUri())
            .getBytes(UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<!DOCTYPE xml [<!ENTITY e SYSTEM '%s'>]><xml><a>&e;</a></xml>",
        "<!DOCTYPE xml [<!ENTITY %% p SYSTEM '%s'> %%p;]><xml><a>1</a></xml>",
        "<!DOCTYPE xml SYSTEM '%s'><xml><a>1</a></xml>",
        "<xml xmlns:xi='http://www.w3.org/2001/XInclude'><xi:include href='%s'/></xml>",
      })
  void no_other_host_is_asked(String text) throws Exception {
    try (var canary = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String url = "http://127.0.0.1:" + canary.getLocalPort() + "/x";
      assertUnreadable(text.formatted(url).getBytes(UTF_8));
      canary.setSoTimeout(1); // whoever had called would stand in the queue already
      assertThatThrownBy(canary::accept).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void a_thousand_laughs_are_not_heard() {
    String entities =
        IntStream.range(1, 30)
            .mapToObj(i -> "<!ENTITY e%d '%s'>".formatted(i, ("&e" + (i - 1) + ";").repeat(10)))
            .collect(Collectors.joining());
    assertUnreadable(
        "<!DOCTYPE xml [<!ENTITY e0 'ha'>%s]><xml><a>&e29;</a></xml>"
            .formatted(entities)
            .getBytes(UTF_8));
  }

  @Test
  void depth_and_number_have_bounds() {
    assertUnreadable(("<xml>" + "<a>".repeat(10_000)).getBytes(UTF_8));
    assertThat(read(elements(512))).hasSize(512);
    assertUnreadable(elements(513).getBytes(UTF_8));
  }

  @Test
  void what_is_written_is_read_again_whatever_it_is() {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("a", "]]>");
    fields.put("b", "]]]]>><![CDATA[x]]>&amp;");
    fields.put("c", "豆浆 😀 <b>\"'");
    fields.put("d", "");
    fields.put("e", " x ");
    assertThat(read(Xml.write(fields))).isEqualTo(fields);
  }

  @Test
  void a_message_of_two_hundred_thousand_bytes_is_still_read_in_one_piece() {
    char[] text = new char[200_000];
    Arrays.fill(text, '云');
    assertThat(read(Xml.write(Map.of("a", new String(text))))).containsEntry("a", new String(text));
  }

  /// Parsers differ here, and some of these are read by one or another.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\uFEFF\uFEFF<xml/>",
        "<xml/>\uFEFF",
        "<xml/>\u0120",
        "\u013Cxml/>",
        "<xml/><",
        "<xml/></xml>",
        "<xml><a>1</a></xml>&#32;",
        "<xml/><![CDATA[x]]>",
        "<!-- a -- b --><xml/>",
        " <?xml version='1.0'?><xml/>",
        "<?xml version='1.0'?><?xml version='1.0'?><xml/>",
        "<?xml version='1.1'?><xml><a>1</a></xml>",
        "<?xml version='1.1'?><xml><a>&#1;</a></xml>",
        "<?xml version='2.0'?><xml/>",
        "<?xml encoding='UTF-8'?><xml/>",
        "<?xml version='1.0' encoding='no name'?><xml/>",
        "<?xml version='1.0' standalone='maybe'?><xml/>",
        "<?xml\u0001 version='1.0'?><xml/>",
        "<xml>&unknown;</xml>",
        "<xml><a>x&unknown;y</a></xml>",
        "<xml><a>&nbsp;</a></xml>",
        "<xml><a>a & b</a></xml>",
        "<xml><a>&#1;</a></xml>",
        "<xml><a>&#x1F;</a></xml>",
        "<xml><a>&#xD800;</a></xml>",
        "<xml><a>&#xD83D;&#xDE00;</a></xml>",
        "<xml><a>&#xFFFF;</a></xml>",
        "<xml><a>&#x110000;</a></xml>",
        "<xml><a>&#99999999999999999999;</a></xml>",
        "<xml><a>&#4294967361;</a></xml>",
        "<xml><a>&#x100000041;</a></xml>",
        "<xml><a>&#;</a></xml>",
        "<xml><a>&#-1;</a></xml>",
        "<xml><a>&#65</a></xml>",
        "<xml><a>&#X41;</a></xml>",
        "<xml><a>\u0001</a></xml>",
        "<xml><a>\u0000</a></xml>",
        "<xml><a>\uFFFE</a></xml>",
        "<xml><a><![CDATA[\u0001]]></a></xml>",
        "<xml><a><![CDATA[\uFFFF]]></a></xml>",
        "<xml><!-- \u0001 --></xml>",
        "<xml><!-- \uFFFF --></xml>",
        "<xml><a>]]></a></xml>",
        "<xml><a>x]]]>y</a></xml>",
        "<xml>]]></xml>",
        "<xml><a><![CDATA[x</a></xml>",
        "<xml><a><![cdata[x]]></a></xml>",
        "<xml>< a>1</a></xml>",
        "<xml><a>1</ a></xml>",
        "<xml><1a/></xml>",
        "<xml><a\u00A0/></xml>",
        "<xml><a😀>1</a😀></xml>",
        "<xml><a b='1' b='2'/></xml>",
        "<xml><a b=1/></xml>",
        "<xml/><!DOCTYPE xml>",
        "<xml><!DOCTYPE xml></xml>",
        "<!DOCTYPE xml [<!ATTLIST a b CDATA 'c'>]><xml><a/></xml>",
        "<!doctype xml><xml/>",
        "<xml><:a/></xml>",
        "<xml><p:a>1</p:a></xml>",
        "<xml xmlns=''><a>1</a></xml>",
        "<xml><a xml:space='preserve'>1</a></xml>",
        "<?p x?><xml/>",
        "<xml/><?p x?>",
        "<xml><![CDATA[x]]></xml>",
      })
  void what_is_not_well_formed_is_unreadable_wherever_it_stands(String text) {
    assertUnreadable(text.getBytes(UTF_8));
  }

  @Test
  void a_name_has_a_bound() {
    String name = "a".repeat(1000);
    assertThat(read("<xml><" + name + ">1</" + name + "></xml>")).containsEntry(name, "1");
    assertUnreadable(("<xml><" + name + "a>1</" + name + "a></xml>").getBytes(UTF_8));
  }

  @Test
  void numbers_of_characters_stand_for_them_and_ends_of_lines_are_one() {
    assertThat(read("<xml><a>&#65;&#x1F600;&#0000000000065;&#13;</a></xml>"))
        .containsExactly(Map.entry("a", "A😀A\r"));
    assertThat(read("<xml><a>1\r\n2\r3\n4</a><b><![CDATA[1\r\n2\r3]]></b></xml>"))
        .containsExactly(Map.entry("a", "1\n2\n3\n4"), Map.entry("b", "1\n2\n3"));
  }

  @Test
  void a_text_in_many_pieces_is_one() {
    String text = "&amp;x<![CDATA[]]]]><!-- c --><![CDATA[>]]>".repeat(3000);
    assertThat(read("<xml><a>" + text + "</a></xml>"))
        .containsExactly(Map.entry("a", "&x]]>".repeat(3000)));
  }

  @Test
  void what_the_declaration_says_of_an_encoding_does_not_matter() {
    assertThat(read("<?xml version='1.0' encoding='GBK'?><xml><a>云</a></xml>"))
        .containsExactly(Map.entry("a", "云"));
  }

  private static String elements(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "<a%d>1</a%d>".formatted(i, i))
        .collect(Collectors.joining("", "<xml>", "</xml>"));
  }

  private static Map<String, String> read(String text) {
    return Xml.read(text.getBytes(UTF_8), Xml.MESSAGE);
  }

  private static void assertUnreadable(byte[] bytes) {
    assertThatThrownBy(() -> Xml.read(bytes, Xml.MESSAGE)).isInstanceOf(Unreadable.class);
  }
}
