package dev.athanor.engine.history;

import dev.athanor.engine.action.ActionTypes;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The histories of all requests in a workspace.
///
/// @param folder has a file for each request
public record Histories(Path folder, ActionTypes types) {
  /// A build, and where it is remembered.
  public record Place(Path file, SavedBuild build) {}

  /// The history of the request with that key.
  public History open(String key) throws IOException {
    return History.open(folder.resolve(key), types);
  }

  /// Every build that is remembered, latest first.
  public List<Place> builds() throws IOException {
    List<Place> places = new ArrayList<>();
    for (Path file : files()) {
      try (History history = History.open(file, types)) {
        for (SavedBuild build : history.builds()) {
          places.add(new Place(file, build));
        }
      }
    }
    places.sort(Comparator.comparing((Place place) -> place.build().id()).reversed());
    return places;
  }

  /// The state that a build left, with everything in memory; absent when it cannot be read.
  public Optional<BuildState> state(Place place) throws IOException {
    try (History history = History.open(place.file(), types)) {
      Optional<BuildState> state = history.at(place.build().id());
      // What is read on demand could not be read once the history is closed.
      state.ifPresent(BuildState::results);
      return state;
    } catch (RuntimeException e) {
      // Damaged, or of another version.
      return Optional.empty();
    }
  }

  /// Whether a file in the folder is a history: beside them lie locks, which somebody may hold, and
  /// journals that are being written.
  public static boolean isHistory(Path file) {
    return !String.valueOf(file.getFileName()).contains(".");
  }

  /// The file of every history.
  public List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      for (Path file : stream) {
        if (isHistory(file)) {
          files.add(file);
        }
      }
    } catch (NoSuchFileException e) {
      // Nothing was ever built.
    }
    return files;
  }
}
