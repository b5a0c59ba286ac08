package dev.athanor.remote.execution;

import com.google.gson.JsonObject;
import dev.athanor.engine.UserException;
import dev.athanor.engine.action.ActionException;
import dev.athanor.engine.action.ActionResult;
import dev.athanor.engine.action.ActionTypes;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.exec.BuiltinContext;
import dev.athanor.engine.tree.Content;
import dev.athanor.remote.Parcel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// Does what an [Assignment] says, on a worker, and leaves in the folder of results one of
///
/// - [#RESULT], the action's result as the Remote Execution API has it, and under `blobs/` every
///   blob that it names and that was not given;
/// - [#LACKING], the digests of blobs that the action read in vain, one a line;
/// - [#FAILURE], what the action failed with: a `message` and a `hint`, as JSON.
public final class Performance {
  static final String RESULT = "result";
  static final String LACKING = "lacking";
  static final String FAILURE = "failure";

  private final Path assignment;
  private final Path results;
  private final GivenBlobs blobs;

  /// What it came to.
  public enum End {
    DONE,
    FAILED,
    LACKING
  }

  /// @param assignment the file; the rest is beside it
  /// @param own a store for what the action makes
  public Performance(Path assignment, BlobStore own) {
    this.assignment = assignment;
    this.results = assignment.resolveSibling(Assignment.RESULTS);
    this.blobs = new GivenBlobs(assignment.resolveSibling(Assignment.BLOBS), own);
  }

  /// @throws UserException when there is no assignment, or none that these types can do
  public End run(ActionTypes types) throws IOException, InterruptedException {
    if (!Files.exists(assignment)) {
      throw new UserException(
          "there is no " + assignment, "an Athanor that sends actions to workers puts it there");
    }
    Assignment read = Assignment.parse(Files.readAllBytes(assignment), types);
    Files.createDirectories(results);
    try {
      leave(BuiltinContext.run(read.action(), read.inputs(), blobs));
      return End.DONE;
    } catch (MissingBlobException e) {
      Files.writeString(results.resolve(LACKING), e.digest() + "\n");
      return End.LACKING;
    } catch (ActionException e) {
      JsonObject json = new JsonObject();
      json.addProperty("message", String.valueOf(e.getMessage()));
      json.addProperty("hint", e.hint().orElse(""));
      Files.writeString(results.resolve(FAILURE), json.toString());
      return End.FAILED;
    }
  }

  private void leave(ActionResult result) throws IOException {
    Parcel named = new Parcel(blobs);
    for (Content output : result.outputs().values()) {
      named.add(output);
    }
    result.references().forEach(named::add);
    Path folder = Files.createDirectories(results.resolve(Assignment.BLOBS));
    for (Digest digest : named.digests()) {
      if (!blobs.isGiven(digest)) {
        try (InputStream in = named.open(digest)) {
          Files.copy(in, folder.resolve(digest.hex()));
        }
      }
    }
    // Last: where it is, everything else is.
    Files.write(results.resolve(RESULT), result.toWire().toByteArray());
  }
}
