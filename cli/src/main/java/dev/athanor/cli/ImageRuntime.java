package dev.athanor.cli;

import java.util.List;

/// A kind of container runtime that keeps images, as the words that its command line takes.
enum ImageRuntime {
  DOCKER("docker", "docker"),
  PODMAN("podman", "podman"),
  CONTAINERD("containerd", "ctr");

  /// What people call it.
  final String title;

  /// Its command line.
  final String program;

  ImageRuntime(String title, String program) {
    this.title = title;
    this.program = program;
  }

  /// Fails unless whoever keeps the images answers.
  List<String> version() {
    return List.of("version");
  }

  /// Gets an image from a registry that speaks plain HTTP. Docker allows that on the loopback.
  List<String> pull(String from) {
    return switch (this) {
      case DOCKER -> List.of("pull", "--quiet", from);
      case PODMAN -> List.of("pull", "--quiet", "--tls-verify=false", from);
      case CONTAINERD -> List.of("images", "pull", "--plain-http", from);
    };
  }

  /// Gives an image another name, taking it from the image that had it before.
  List<String> tag(String from, String to) {
    return switch (this) {
      case DOCKER, PODMAN -> List.of("tag", from, to);
      case CONTAINERD -> List.of("images", "tag", "--force", from, to);
    };
  }

  /// Takes one of several names from an image.
  List<String> forget(String name) {
    return switch (this) {
      case DOCKER -> List.of("rmi", name);
      case PODMAN -> List.of("untag", name, name);
      case CONTAINERD -> List.of("images", "rm", name);
    };
  }

  /// Reads an archive from standard input.
  List<String> load() {
    return switch (this) {
      case DOCKER, PODMAN -> List.of("load", "--quiet");
      case CONTAINERD -> List.of("images", "import", "-");
    };
  }

  /// What stands before a subcommand.
  ///
  /// @param namespace of containerd, the only one that has any
  List<String> before(String namespace) {
    return this == CONTAINERD ? List.of("--namespace", namespace) : List.of();
  }
}
