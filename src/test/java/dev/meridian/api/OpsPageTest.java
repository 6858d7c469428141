package dev.meridian.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meridian.control.Server;
import dev.meridian.control.ZoneFolder;
import dev.meridian.health.HealthOverride;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every view of the ops page in a headless Chromium, on a desk and on a phone in the dark. */
class OpsPageTest {
  @TempDir private static Path folder;

  private static Server server;
  private static HttpServer http;
  private static Browser browser;
  private static String axe = "";

  @BeforeAll
  static void open() throws Exception {
    assumeTrue(Browser.program().isPresent(), "there is no Chromium here: install chromium");
    Path zones = ZoneFolder.write(folder.resolve("zones"), 7);
    Path policy = zones.resolve("example.org.policy.yaml");
    Files.writeString(
        policy,
        Files.readString(policy)
            .replace("192.0.2.10,", "192.0.2.10, location: [53.3, -6.3],")
            .replace("192.0.2.20 ", "192.0.2.20, location: us-east-1 "));
    server = ZoneFolder.serve(zones);
    http = Api.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), server);
    Path profile = Files.createDirectories(folder.resolve("profile"));
    browser = Browser.start(Browser.program().orElseThrow(), profile);
    try (InputStream in = OpsPageTest.class.getResourceAsStream("axe/axe.min.js")) {
      axe = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
    override("a", HealthOverride.Action.DOWN, "<b>new</b> rack");
    browser.look(1440, 900, false);
    browser.open(page("names?name=www.example.org&type=A")); // by its address, into the middle
    browser.awaitText("Where each region goes");
    browser.evaluate(axe + "; 1");
  }

  @AfterAll
  static void close() {
    if (browser != null) {
      browser.close();
    }
    if (http != null) {
      http.close();
      server.close();
    }
  }

  private static void override(String selector, HealthOverride.Action action, String reason) {
    server
        .place(
            new HealthOverride(
                selector, action, "ann", reason, server.now(), server.now().plusSeconds(3600)))
        .join();
  }

  /** Goes on to another view as a link does: the page is loaded once, and axe with it. */
  private static void go(String view) {
    browser.evaluate("location.hash = '#/" + view + "'");
  }

  private static String page(String view) {
    return "http://127.0.0.1:" + http.address().getPort() + "/#/" + view;
  }

  /** What each view says while {@code a} is held down. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "overview                          | 1 of 1 check is down",
        "checks                            | example.org/a/192.0.2.10",
        "endpoints                         | 2 endpoints, 1 down",
        "names                             | www.example.org",
        "names?name=www.example.org&type=A | Where each region goes",
        "timeline                          | Checks down over time",
        "explain?name=www.example.org      | policy chose b",
        "what-if?down=example.org%2Fb      | nobody would notice",
        "overrides                         | <b>new</b> rack",
        "zones                             | The last load",
      })
  void everyViewSaysWhatIsSoToEverybody(String view, String text) {
    go(view);
    for (boolean phone : new boolean[] {false, true}) {
      browser.look(phone ? 390 : 1440, phone ? 844 : 900, phone);
      browser.awaitText(text);
      JsonNode width = browser.evaluate("document.documentElement.scrollWidth - window.innerWidth");
      assertThat(width.asInt()).as("too wide by").isNotPositive();
      JsonNode violations =
          browser.evaluate(
              "axe.run(document, { resultTypes: ['violations'] }).then((found) =>"
                  + " found.violations.map((each) => each.id + ' ' + each.nodes[0].target))");
      assertThat(violations.toString()).as("axe-core on " + view).isEqualTo("[]");
    }
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void aChangeIsOnThePageWithoutAnybodyAskingForIt() {
    go("overrides");
    browser.awaitText("<b>new</b> rack");
    override("a", HealthOverride.Action.DOWN, "another reason");
    browser.awaitText("another reason");
    override("a", HealthOverride.Action.DOWN, "<b>new</b> rack");
    browser.awaitText("<b>new</b> rack");
  }

  @Test
  void marksOnTheMapAreOneStopOfTheTabKeyAndArrowsAndEnterDoTheRest() {
    String focused = "document.activeElement.getAttribute('aria-label') || ''";
    String shown = "document.querySelector('input[type=search]').value";
    go("endpoints");
    browser.awaitValue("document.querySelectorAll('.mark').length", "2");
    browser.evaluate("document.querySelector('main').focus()");
    browser.press("Tab", 9);
    browser.awaitValue(focused, "b");
    browser.press("ArrowRight", 39);
    browser.awaitValue(focused, "a, 1 down");
    browser.press("Enter", 13);
    browser.awaitValue(shown, "example.org/a");
    browser.press("Tab", 9);
    browser.awaitValue("document.activeElement.type || ''", "search");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void anotherAddressOfTheSameViewIsAnotherPage() {
    go("explain?name=www.example.org");
    browser.awaitText("policy chose b");
    go("explain?name=nobody.example.org");
    browser.awaitText("NXDOMAIN");
    go("explain?name=text.example.org&type=TXT");
    browser.awaitText("<script>alert(1)</script>");
    assertThat(browser.complaints()).isEmpty();
  }
}
