package io.yunfu.server.api.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.server.api.admin.AdminWorld.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CatalogueAreasIT {
  private final AdminWorld world = new AdminWorld();

  @AfterAll
  void close() {
    world.close();
  }

  private static String product(String code, String more) {
    return """
    {"code":"%s","subCode":"sp_%s","nameZh":"产品","nameEn":"Product","subNameZh":"子","subNameEn":"Sub"%s}\
    """
        .formatted(code, code, more);
  }

  private static String change(String more) {
    return """
    {"nameZh":"新","nameEn":"New","subNameZh":"子","subNameEn":"Sub"%s}\
    """
        .formatted(more);
  }

  private Answer provider(String name) {
    return world.post(
        "/providers", "{\"name\":\"%s\",\"url\":\"https://example.com/%s\"}".formatted(name, name));
  }

  @Test
  void a_product_is_put_into_the_catalogue_and_replaced() {
    provider("maker");
    Answer created =
        world.post(
            "/products",
            product(
                "p_one", ",\"goodsCategory\":5,\"resourcePrefix\":\"one\",\"provider\":\"maker\""));
    assertThat(created.status()).isEqualTo(201);
    assertThat(created.text("/provider")).isEqualTo("maker");
    assertThat(created.at("/goodsCategory").asInt()).isEqualTo(5);
    assertThat(world.get("/products/p_one/sp_p_one").text()).isEqualTo(created.text());
    Answer changed = world.send("PUT", "/products/p_one/sp_p_one", change(""));
    assertThat(changed.text("/nameEn")).isEqualTo("New");
    assertThat(changed.text("/resourcePrefix")).isEqualTo("res");
    assertThat(changed.at("/provider").isMissingNode()).isTrue();
    assertThat(world.lastChange("product/p_one/sp_p_one").action()).isEqualTo("product.change");
  }

  @Test
  void a_product_that_is_there_or_is_not_there_is_told_apart() {
    world.post("/products", product("p_two", ""));
    assertThat(world.post("/products", product("p_two", "")).code()).isEqualTo("ProductExists");
    assertThat(world.get("/products/p_two/other").code()).isEqualTo("NoSuchProduct");
    assertThat(world.send("PUT", "/products/p_two/other", change("")).code())
        .isEqualTo("NoSuchProduct");
    assertThat(world.post("/products", product("p_three", ",\"provider\":\"nobody\"")).code())
        .isEqualTo("UnknownProvider");
    assertThat(
            world
                .send("PUT", "/products/p_two/sp_p_two", change(",\"provider\":\"nobody\""))
                .code())
        .isEqualTo("UnknownProvider");
    assertThat(
            world
                .post("/products", product("p/four", ",\"resourcePrefix\":\"INS\""))
                .at("/error/mistakes")
                .size())
        .isEqualTo(3);
  }

  @Test
  void the_catalogue_is_listed_by_code_and_provider() {
    provider("lister");
    for (int i = 0; i < 5; i++) {
      world.post("/products", product("p_list" + i, i % 2 == 0 ? ",\"provider\":\"lister\"" : ""));
    }
    assertThat(world.all("/products", 2)).hasSizeGreaterThanOrEqualTo(5);
    assertThat(world.all("/products?provider=lister", 2)).hasSize(3);
    assertThat(world.all("/products?code=p_list1", 2)).hasSize(1);
    assertThat(world.get("/products?cursor=bm9zbGFzaA").text("/error/field")).isEqualTo("cursor");
  }

  @Test
  void a_providers_secret_is_shown_once_and_can_be_renewed() {
    Answer created = provider("secretive");
    assertThat(created.status()).isEqualTo(201);
    String secret = created.text("/secret");
    assertThat(secret).hasSizeGreaterThan(40);
    assertThat(created.at("/timeoutMs").asInt()).isEqualTo(5000);
    assertThat(world.get("/providers/secretive").text()).doesNotContain(secret);
    Answer rotated = world.post("/providers/secretive/rotate-secret", "");
    assertThat(rotated.text("/secret")).isNotEqualTo(secret);
    assertThat(
            world.providers.open(world.cells.all().getLast(), "secretive").orElseThrow().secret())
        .isEqualTo(rotated.text("/secret"));
    String seen =
        world.get("/providers").text()
            + world.get("/audit?subject=provider/secretive").text()
            + world.log;
    assertThat(seen).doesNotContain(secret).doesNotContain(rotated.text("/secret"));
    Answer given =
        world.post(
            "/providers",
            "{\"name\":\"given\",\"url\":\"http://10.0.0.1/\",\"secret\":\"sixteen-letters!\"}");
    assertThat(given.text("/secret")).isEqualTo("sixteen-letters!");
    Answer wrong =
        world.post("/providers", "{\"name\":\"a\",\"url\":\"http://a/\",\"secret\":\"too short\"}");
    assertThat(wrong.text("/error/field")).isEqualTo("secret");
    assertThat(wrong.text()).doesNotContain("too short");
  }

  @Test
  void a_provider_is_changed_and_paused() {
    provider("changing");
    Answer changed =
        world.send(
            "PATCH",
            "/providers/changing",
            "{\"timeoutMs\":100,\"maxAttempts\":3,\"url\":\"https://other.example.com\"}");
    assertThat(changed.text("/url")).isEqualTo("https://other.example.com");
    assertThat(changed.at("/maxAttempts").asInt()).isEqualTo(3);
    assertThat(changed.at("/active").asBoolean()).isTrue();
    Answer paused = world.send("PATCH", "/providers/changing", "{\"active\":false}");
    assertThat(paused.at("/active").asBoolean()).isFalse();
    assertThat(paused.at("/timeoutMs").asInt()).isEqualTo(100);

    assertThat(provider("changing").code()).isEqualTo("ProviderExists");
    assertThat(world.get("/providers/nobody").code()).isEqualTo("NoSuchProvider");
    assertThat(world.send("PATCH", "/providers/nobody", "{\"active\":true}").code())
        .isEqualTo("NoSuchProvider");
    assertThat(world.post("/providers/nobody/rotate-secret", "").code())
        .isEqualTo("NoSuchProvider");
    for (String url :
        new String[] {
          "ftp://a/", "https://user:secretword@a/", "nonsense", "https:///x", "http://a/#b"
        }) {
      Answer answer = world.send("PATCH", "/providers/changing", "{\"url\":\"%s\"}".formatted(url));
      assertThat(answer.text("/error/field")).as(url).isEqualTo("url");
      assertThat(answer.text()).doesNotContain("secretword");
    }
    provider("another");
    assertThat(world.all("/providers", 1)).hasSizeGreaterThanOrEqualTo(2);
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void every_operation_has_answered_and_every_refusal_has_arisen() {
    world.requireWhole("products");
    world.requireWhole("providers");
  }
}
