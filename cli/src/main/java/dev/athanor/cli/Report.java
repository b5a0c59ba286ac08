package dev.athanor.cli;

import com.google.gson.stream.JsonWriter;
import dev.athanor.engine.UserException;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.exec.BuildResult;
import dev.athanor.engine.exec.Summary;
import dev.athanor.engine.history.BuildState;
import dev.athanor.engine.history.SavedBuild;
import dev.athanor.engine.plan.Plan;
import dev.athanor.engine.session.Why;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Locale;
import java.util.Optional;

/// All that the page about a build shows, as JSON: see docs/report.md. What there is one of for
/// each action stands in columns, and texts that repeat are numbers of a table.
final class Report {
  /// Counts up when a member changes its meaning.
  private static final int FORMAT = 1;

  final BuildRecord record;

  /// Empty when the build did not come as far as a plan.
  final Optional<Plan> plan;

  /// What the build left; absent when it was not remembered.
  final Optional<BuildState> state;

  /// What became of the build, compared with the one before it; absent when nothing was looked at.
  final Optional<Why.Review> review;

  /// By the number of the action.
  final BuildRecord.State[] states;

  private final String workspace;
  private final BlobStore blobs;

  private Report(
      BuildRecord record,
      Optional<Plan> plan,
      Optional<BuildState> state,
      Optional<Why.Review> review,
      String workspace,
      BlobStore blobs) {
    this.record = record;
    this.plan = plan;
    this.state = state;
    this.review = review;
    this.workspace = workspace;
    this.blobs = blobs;
    states = new BuildRecord.State[plan.map(Plan::actionCount).orElse(0)];
    Arrays.fill(states, BuildRecord.State.UP_TO_DATE);
    record.done().forEach(done -> states[done.action()] = done.state());
  }

  /// @throws UserException when what is remembered of the build is not enough any more
  static Report of(BuildRecord record, Workbench bench) throws IOException, InterruptedException {
    String workspace = String.valueOf(bench.workspace.root().getFileName());
    BlobStore blobs = bench.near();
    if (!record.program().equals(bench.program())) {
      throw new UserException(
          "the last build was made by another version of Athanor", "build again, then report");
    }
    if (record.saved().isEmpty()) {
      Optional<Plan> plan =
          Optional.of(record.plan())
              .filter(text -> !text.isEmpty())
              .map(text -> bench.session.why().plan(text.getBytes(StandardCharsets.ISO_8859_1)));
      return new Report(record, plan, Optional.empty(), Optional.empty(), workspace, blobs);
    }
    Why.Review review =
        bench
            .session
            .why()
            .review(record.saved().get())
            .orElseThrow(() ->
                new UserException(
                    "what is remembered of the last build was removed from the cache",
                    "build again, then report"));
    Optional<Why.Review> told = record.done().isEmpty() ? Optional.empty() : Optional.of(review);
    return new Report(
        record,
        Optional.of(review.state().plan()),
        Optional.of(review.state()),
        told,
        workspace,
        blobs);
  }

  void write(JsonWriter json) throws IOException {
    json.beginObject();
    json.name("format").value(FORMAT);
    json.name("build");
    build(json);
    if (plan.isPresent()) {
      ReportActions actions = new ReportActions(this, plan.get());
      actions.write(json);
      ReportCauses.write(this, plan.get(), json);
    }
    json.name("images").beginArray();
    if (plan.isPresent() && state.isPresent()) {
      ReportImages.write(result(state.get()), blobs, json);
    }
    json.endArray();
    json.endObject();
  }

  private void build(JsonWriter json) throws IOException {
    json.beginObject();
    json.name("id").value(record.id().toString());
    json.name("workspace").value(workspace);
    json.name("command").value(record.command());
    json.name("configuration").value(record.configuration());
    json.name("beganMs").value(record.began());
    json.name("unitMs").value((double) BuildRecord.UNIT / 1_000_000);
    json.name("executing").value(record.executing());
    json.name("wall").value(record.wall());
    json.name("jobs").value(record.jobs());
    json.name("sandbox").value(record.sandbox());
    json.name("end").value(record.end().name().toLowerCase(Locale.ROOT));
    json.name("message").value(record.message());
    BuildRecord.Remote remote = record.remote();
    json.name("remote").beginObject();
    json.name("hits").value(remote.hits());
    json.name("misses").value(remote.misses());
    json.name("downloadedBytes").value(remote.downloadedBytes());
    json.endObject();
    json.name("notices").beginArray();
    for (String notice : record.notices()) {
      json.value(notice);
    }
    json.endArray();
    if (review.flatMap(Why.Review::since).isPresent()) {
      SavedBuild since = review.flatMap(Why.Review::since).get();
      json.name("since").beginObject();
      json.name("id").value(since.id().toString());
      json.name("command").value(since.request());
      json.name("configuration").value(since.configuration());
      json.name("beganMs").value(since.id().millis());
      json.name("wallMs").value(since.millis());
      json.endObject();
    }
    json.endObject();
  }

  boolean isBad(int action) {
    return switch (states[action]) {
      case FAILED, SKIPPED, UNFINISHED -> true;
      case UP_TO_DATE, UNCHANGED, CACHED, CACHED_REMOTELY, EXECUTED -> false;
    };
  }

  /// As if the build had just ended.
  private BuildResult result(BuildState left) {
    BitSet missing = new BitSet();
    for (int action = 0; action < states.length; action++) {
      missing.set(action, isBad(action));
    }
    Summary none = new Summary(0, 0, 0, 0, Duration.ZERO);
    return new BuildResult(record.id(), none, left, missing, new BitSet());
  }
}
