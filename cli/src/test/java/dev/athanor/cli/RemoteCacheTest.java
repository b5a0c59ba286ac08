package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import com.google.gson.JsonObject;
import dev.athanor.engine.cas.DiskBlobStore;
import dev.athanor.engine.testing.Peer;
import dev.athanor.oci.registry.FakeRegistry;
import dev.athanor.remote.FaultyLine;
import dev.athanor.remote.server.CacheServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Machines that share what they make.
final class RemoteCacheTest {
  @TempDir Path temp;

  private final List<AutoCloseable> opened = new ArrayList<>();
  private CacheServer server;

  @BeforeEach
  void serve() throws IOException {
    DiskBlobStore store = opened(DiskBlobStore.open(temp.resolve("served")));
    server = opened(CacheServer.start(CacheServer.Config.local(store)));
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable one : opened.reversed()) {
      one.close();
    }
  }

  private <T extends AutoCloseable> T opened(T one) {
    opened.add(one);
    return one;
  }

  private String grpc() {
    return "grpc://127.0.0.1:" + server.grpcPort();
  }

  private String http() {
    return "http://127.0.0.1:" + server.httpPort();
  }

  private String url(String protocol) {
    return protocol.equals("grpc") ? grpc() : http();
  }

  /// A machine with an empty disk, and the same sources.
  private TestWorkspace machine(String name) {
    TestWorkspace machine = TestWorkspace.in(temp.resolve(name));
    machine.write(
        "BUILD",
        """
        genrule(name = "first", srcs = ["in.txt"], outs = ["first.txt"], cmd = "cat $< $< > $@")
        genrule(name = "second", srcs = [":first"], outs = ["second.txt"], cmd = "cat $< $< > $@")
        genrule(name = "third", srcs = [":second"], outs = ["third.txt"], cmd = "cat $< $< > $@")
        genrule(name = "apart", srcs = ["apart.txt"], outs = ["apart.out"], cmd = "cat $< > $@")
        """);
    machine.write("in.txt", "in ").write("apart.txt", "apart ");
    return machine;
  }

  private static JsonObject remote(CliResult result) {
    return result.json().getAsJsonObject("remote");
  }

  @ParameterizedTest
  @ValueSource(strings = {"grpc", "http"})
  void whatOneMachineMade_theNextOneHas(String protocol) {
    CliResult made =
        machine("one")
            .athanor("build", "//...", "--remote-cache", url(protocol), "--remote-upload")
            .succeeds();
    TestWorkspace two = machine("two");
    CliResult had =
        two.athanor("build", "//...", "--remote-cache", url(protocol), "--json").succeeds();

    assertThat(had.executed()).isEqualTo(0);
    assertThat(remote(had).get("hits").getAsInt()).isEqualTo(4);
    assertThat(two.read("athanor-out/third.txt")).isEqualTo("in ".repeat(8));
    made.says("remote cache: 0 hits, 4 misses, 4 results with");
    had.says("remote cache: 4 hits, 0 misses");
  }

  @Test
  void withoutUpload_nothingIsShared() {
    machine("one").athanor("build", "//...", "--remote-cache", grpc()).succeeds();

    CliResult two = machine("two").athanor("build", "//...", "--remote-cache", grpc(), "--json");

    assertThat(two.succeeds().executed()).isEqualTo(4);
  }

  /// Only the last of the chain is shown, and only what is shown is brought.
  @ParameterizedTest
  @ValueSource(strings = {"grpc", "http"})
  void whatNobodyLooksAt_isNotBrought(String protocol) {
    machine("one")
        .athanor("build", "//...", "--remote-cache", url(protocol), "--remote-upload")
        .succeeds();

    CliResult two =
        machine("two")
            .athanor("build", "//:third", "--remote-cache", url(protocol), "--json")
            .succeeds();

    assertThat(two.executed()).isEqualTo(0);
    assertThat(remote(two).get("downloadedBytes").getAsInt()).isEqualTo("in ".length() * 8);
  }

  /// What is only over there comes when an action that runs needs it.
  @Test
  void anActionThatRuns_getsItsInputsFromThere() {
    machine("one").athanor("build", "//...", "--remote-cache", grpc(), "--remote-upload");
    TestWorkspace two = machine("two");
    two.edit(
        "BUILD",
        "cat $< $< > $@\")\ngenrule(name = \"apart\"",
        "cat $< > $@\")\ngenrule(name = \"apart\"");

    CliResult built =
        two.athanor("build", "//:third", "--remote-cache", grpc(), "--json").succeeds();

    assertThat(built.executed()).isEqualTo(1);
    assertThat(two.read("athanor-out/third.txt")).isEqualTo("in ".repeat(4));
  }

  /// The next build finds the cache gone, and blobs that it thought were over there.
  @Test
  void aCacheThatIsGoneInTheNextBuild_costsTimeOnly() {
    machine("one").athanor("build", "//...", "--remote-cache", grpc(), "--remote-upload");
    TestWorkspace two = machine("two");
    two.athanor("build", "//:third", "--remote-cache", grpc()).succeeds();
    two.edit(
        "BUILD",
        "cat $< $< > $@\")\ngenrule(name = \"apart\"",
        "cat $< > $@\")\ngenrule(name = \"apart\"");

    CliResult built = two.athanor("build", "//:third", "--json").succeeds();

    assertThat(two.read("athanor-out/third.txt")).isEqualTo("in ".repeat(4));
    assertThat(built.executed()).isEqualTo(3);
  }

  @Test
  void aBuildWithNothingToDo_doesNotConnect() throws IOException {
    FaultyLine line = opened(new FaultyLine(server.grpcPort()));
    TestWorkspace one = machine("one");
    String url = "grpc://127.0.0.1:" + line.port();
    one.athanor("build", "//...", "--remote-cache", url, "--remote-upload").succeeds();
    int before = line.connections();

    CliResult again = one.athanor("build", "//...", "--remote-cache", url, "--remote-upload");

    assertThat(before).isEqualTo(1);
    assertThat(line.connections()).isEqualTo(1);
    assertThat(again.succeeds().err()).doesNotContain("remote cache");
  }

  @Test
  void offline_asksNobody() {
    machine("one").athanor("build", "//...", "--remote-cache", grpc(), "--remote-upload");

    CliResult two =
        machine("two").athanor("build", "//...", "--remote-cache", grpc(), "--offline", "--json");

    assertThat(two.succeeds().executed()).isEqualTo(4);
  }

  @Test
  void aDeadCache_isGivenUpWithOneWord() throws IOException {
    FaultyLine line = opened(new FaultyLine(server.grpcPort()));
    line.refuse();

    CliResult built =
        machine("one")
            .athanor(
                "build",
                "//...",
                "--remote-upload",
                "--remote-cache",
                "grpc://127.0.0.1:" + line.port());

    built.succeeds().says("warning: going on without the remote cache grpc://127.0.0.1:");
    assertThat(built.err().split("going on without", -1)).hasLength(2);
  }

  @Test
  void aCacheThatDiesOnTheWay_changesNothing() throws IOException {
    machine("one").athanor("build", "//...", "--remote-cache", grpc(), "--remote-upload");
    FaultyLine line = opened(new FaultyLine(server.grpcPort()));
    // Enough for some answers, not for all.
    line.cutAfter(1500, Integer.MAX_VALUE);
    TestWorkspace two = machine("two");

    two.athanor("build", "//...", "--remote-cache", "grpc://127.0.0.1:" + line.port()).succeeds();

    assertThat(two.read("athanor-out/third.txt")).isEqualTo("in ".repeat(8));
    assertThat(two.read("athanor-out/apart.out")).isEqualTo("apart ");
  }

  @Test
  void aCacheThatSwallowsEverything_isWaitedForOnce() throws IOException {
    FaultyLine line = opened(new FaultyLine(server.grpcPort()));
    line.swallow();
    long start = System.nanoTime();

    machine("one")
        .athanor(
            "build",
            "//...",
            "--remote-upload",
            "--remote-timeout",
            "1",
            "--remote-cache",
            "grpc://127.0.0.1:" + line.port())
        .succeeds()
        .says("no answer for 1 seconds");

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
  }

  @Test
  void aCacheThatLostBlobs_getsThemMadeAgain() throws IOException {
    DumbCache cache = opened(DumbCache.start());
    machine("one").athanor("build", "//...", "--remote-cache", cache.url(), "--remote-upload");
    cache.lose(name -> name.startsWith("/cas/"));
    TestWorkspace two = machine("two");

    two.athanor("build", "//...", "--remote-cache", cache.url()).succeeds();

    assertThat(two.read("athanor-out/third.txt")).isEqualTo("in ".repeat(8));
  }

  @Test
  void aCacheThatChangesBlobs_isFoundOut() throws IOException {
    DumbCache cache = opened(DumbCache.start());
    machine("one").athanor("build", "//...", "--remote-cache", cache.url(), "--remote-upload");
    cache.change(name -> name.startsWith("/cas/"), bytes -> new byte[bytes.length]);
    TestWorkspace two = machine("two");

    two.athanor("build", "//...", "--remote-cache", cache.url()).succeeds();

    assertThat(two.read("athanor-out/third.txt")).isEqualTo("in ".repeat(8));
    assertThat(two.read("athanor-out/apart.out")).isEqualTo("apart ");
  }

  @Test
  void aCacheThatTalksNonsense_isNotBelieved() throws IOException {
    DumbCache cache = opened(DumbCache.start());
    machine("one").athanor("build", "//...", "--remote-cache", cache.url(), "--remote-upload");
    cache.change(name -> name.startsWith("/ac/"), bytes -> Arrays.copyOf(bytes, bytes.length / 2));
    TestWorkspace two = machine("two");

    two.athanor("build", "//...", "--remote-cache", cache.url()).succeeds();

    assertThat(two.read("athanor-out/third.txt")).isEqualTo("in ".repeat(8));
  }

  @Test
  void aFullCache_isStillRead() throws IOException {
    DumbCache cache = opened(DumbCache.start());
    machine("one").athanor("build", "//...", "--remote-cache", cache.url(), "--remote-upload");
    cache.fill();
    TestWorkspace two = machine("two").write("apart.txt", "new ");

    CliResult built =
        two.athanor("build", "//...", "--remote-cache", cache.url(), "--remote-upload", "--json");

    assertThat(built.succeeds().executed()).isEqualTo(1);
    assertThat(remote(built).get("hits").getAsInt()).isEqualTo(3);
    built.says("warning: nothing is uploaded to the remote cache", "status 507");
  }

  @Test
  void aFailedAction_isNotShared() throws IOException {
    DumbCache cache = opened(DumbCache.start());
    TestWorkspace one = machine("one").edit("BUILD", "cat $< > $@", "cat $< > $@; exit 3");

    one.athanor("build", "-k", "//...", "--remote-cache", cache.url(), "--remote-upload")
        .fails(ExitCode.BUILD_FAILED);

    assertThat(cache.results()).hasSize(3);
  }

  @Test
  void whatRanWithoutASandbox_isNotShared() throws IOException {
    DumbCache cache = opened(DumbCache.start());

    machine("one")
        .athanor(
            "build",
            "//...",
            "--sandbox",
            "plain",
            "--remote-cache",
            cache.url(),
            "--remote-upload")
        .succeeds();

    assertThat(cache.files).isEmpty();
  }

  @Test
  void signedResults_countForThoseWhoTrustTheKey() throws Exception {
    DumbCache cache = opened(DumbCache.start());
    Peer openssl = Peer.find("openssl");
    Path key = temp.resolve("ci");
    openssl.run("genpkey", "-algorithm", "ed25519", "-out", key.toString());
    openssl.run("pkey", "-in", key.toString(), "-pubout", "-out", key + ".pub");
    machine("one")
        .athanor(
            "build",
            "//:third",
            "--remote-cache",
            cache.url(),
            "--remote-upload",
            "--sign-key",
            key.toString())
        .succeeds();
    machine("mallory")
        .athanor("build", "//:apart", "--remote-cache", cache.url(), "--remote-upload")
        .succeeds();

    CliResult trusting =
        machine("two")
            .athanor(
                "build",
                "//...",
                "--remote-cache",
                cache.url(),
                "--json",
                "--trust-keys",
                key + ".pub")
            .succeeds();

    assertThat(trusting.ran()).containsExactly("genrule //:apart");
    assertThat(remote(trusting).get("hits").getAsInt()).isEqualTo(3);
  }

  @Test
  void settings_sayWhereTheCacheIs() throws IOException {
    TestWorkspace one = machine("one");
    one.write("WORKSPACE", "remote_cache('" + grpc() + "', upload = True)");
    one.athanor("build", "//...").succeeds();
    TestWorkspace two = machine("two");
    two.write("WORKSPACE", "remote_cache('grpc://127.0.0.1:1')");
    Path config = temp.resolve("config");
    Files.writeString(config, "remote_cache('" + http() + "')");

    CliResult mine =
        two.env("ATHANOR_CONFIG", config.toString()).athanor("build", "//...", "--json");
    CliResult none = machine("three").athanor("build", "//...", "--remote-cache", "none", "--json");

    assertThat(mine.succeeds().executed()).isEqualTo(0);
    assertThat(none.succeeds().executed()).isEqualTo(4);
    assertThat(none.json().has("remote")).isFalse();
  }

  @Test
  void whatIsSetWrongly_isToldBeforeAnythingIsBuilt() {
    TestWorkspace one = machine("one");

    one.athanor("build", "//...", "--remote-cache", "127.0.0.1:80")
        .fails(ExitCode.BAD_INPUT)
        .says("'127.0.0.1:80' is no address of a remote cache", "grpc://HOST:PORT");
    one.athanor("build", "//...", "--remote-cache", "http://me:secret@cache")
        .fails(ExitCode.BAD_INPUT)
        .says("--credential cache=env:NAME");
    one.athanor("build", "//...", "--remote-header", "x-key=secret")
        .fails(ExitCode.BAD_INPUT)
        .says("--remote-header wants NAME=env:VARIABLE");
    one.write("WORKSPACE", "\nremote_cache('grpc://a', credential_helper = './steal')")
        .athanor("build", "//...")
        .fails(ExitCode.BAD_INPUT)
        .says("WORKSPACE:2:1", "no business of a WORKSPACE");
  }

  private TestWorkspace withImage(TestWorkspace machine, FakeRegistry registry) {
    byte[] noise = new byte[3_000_000];
    new Random(1).nextBytes(noise);
    machine.write("noise", new String(noise, StandardCharsets.ISO_8859_1));
    return machine.write(
        "BUILD",
        """
        oci_build_image(
            name = "app",
            base = "scratch",
            files = {"noise": "/noise"},
            repository = "%s/team/app",
            tag = "1",
        )
        """
            .formatted(registry.host()));
  }

  /// The registry has the layers from the first machine: the second needs none of them.
  @ParameterizedTest
  @ValueSource(strings = {"grpc", "http"})
  void anImage_isPublishedWithoutItsBytes(String protocol) throws IOException {
    FakeRegistry registry = opened(FakeRegistry.start());
    CliResult first =
        withImage(machine("one"), registry)
            .athanor(
                "publish", "//:app", "--remote-cache", url(protocol), "--remote-upload", "--json")
            .succeeds();

    CliResult second =
        withImage(machine("two"), registry)
            .athanor("publish", "//:app", "--remote-cache", url(protocol), "--json")
            .succeeds();

    assertThat(second.digest("//:app")).isEqualTo(first.digest("//:app"));
    // A push is never cached, and nothing else runs.
    assertThat(second.executed()).isEqualTo(1);
    assertThat(remote(second).get("downloadedBytes").getAsLong()).isLessThan(20_000);
  }

  /// Another registry has nothing yet: the layers come, and go there.
  @Test
  void anImage_isPublishedElsewhereFromACacheAlone() throws IOException {
    FakeRegistry here = opened(FakeRegistry.start());
    FakeRegistry there = opened(FakeRegistry.start());
    CliResult first =
        withImage(machine("one"), here)
            .athanor("publish", "//:app", "--remote-cache", grpc(), "--remote-upload", "--json")
            .succeeds();

    CliResult second =
        withImage(machine("two"), there)
            .athanor("publish", "//:app", "--remote-cache", grpc(), "--json")
            .succeeds();

    assertThat(second.digest("//:app")).isEqualTo(first.digest("//:app"));
    // The description says where the image goes.
    assertThat(second.ran()).containsExactly("describe //:app", "push //:app");
    assertThat(remote(second).get("downloadedBytes").getAsLong()).isGreaterThan(3_000_000);
  }

  static List<String> examples() throws IOException {
    return ExamplesTest.selfContained();
  }

  /// Another path, user, home and host name: all that a machine could put into a key.
  @ParameterizedTest
  @MethodSource("examples")
  void everyExample_isSharedWhole(String example) {
    var _ = Peer.find("unshare");
    TestWorkspace here = TestWorkspace.ofExample(example, temp.resolve("here"));
    TestWorkspace there = TestWorkspace.ofExample(example, temp.resolve("there/much/deeper"));
    here.athanor("build", "//...", "--remote-cache", grpc(), "--remote-upload").succeeds();

    CliResult shared =
        there
            .process(
                """
                export USER=other LOGNAME=other HOME=/nowhere TZ=Asia/Kathmandu
                set -- unshare --uts sh -c 'hostname elsewhere; exec unshare --user --map-user=4711 \\
                  --map-group=4711 "$@"' sh "$@"
                """,
                "build",
                "//...",
                "--remote-cache",
                grpc(),
                "--json")
            .succeeds();

    assertThat(shared.executed()).isEqualTo(0);
    assertThat(TestWorkspace.contents(there.root.resolve("athanor-out")))
        .isEqualTo(TestWorkspace.contents(here.root.resolve("athanor-out")));
  }
}
