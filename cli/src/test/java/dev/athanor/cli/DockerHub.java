package dev.athanor.cli;

import dev.athanor.oci.layer.Debian;
import dev.athanor.oci.layer.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What examples pull from `docker.io`, for machines that do not reach it: a registry on the
/// loopback with images of those names, and settings that make it Docker Hub's mirror.
///
/// The images are Debian with Python, a JDK or a compiler: all that examples ask of them.
final class DockerHub implements AutoCloseable {
  /// [VerifyCorpusTest] needs the same, so that it is installed once a day.
  static final String PACKAGES = "gcc,libc6-dev,python3,zip,locales,openjdk-17-jdk-headless";

  /// Splits the installed system into what all images have and what each has of its own.
  private static final String MAKE_IMAGES =
      """
      mkdir root
      tar -C root --numeric-owner -xf "$rootfs" --wildcards --exclude='./usr/lib/locale/*' \\
        $(for name in doc locale man i18n fonts zoneinfo perl5 alsa lintian bash-completion ca-certificates; do
          echo "--exclude=./usr/share/$name/*"; done) \\
        --exclude='./var/lib/dpkg/info/*' --exclude='./etc/ssl/certs/*.[p0]*' --exclude='*.pyc' --exclude='*.jsa' \\
        --exclude='*.jmod' --exclude='*lto-dump*' --exclude='lib?san.*' --exclude='*/perl/*' --exclude='*/gconv/*'
      cd root
      mkdir -p usr/local/bin && ln -s /usr/bin/python3 usr/local/bin/python
      echo usr/lib/python3* > ../python
      echo usr/lib/jvm etc/java-*-openjdk > ../jdk
      echo usr/lib/gcc usr/include usr/lib/*-linux-gnu/*.[ao] etc/ssl/certs/ca-certificates.crt > ../gcc
      path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
      java=$(ls -d usr/lib/jvm/java-*-openjdk-* | tail -n 1)
      cd ..
      for part in python jdk gcc; do
        tar -C root --numeric-owner --no-recursion -cf $part.tar --recursion $(cat $part)
        (cd root && rm -r $(cat ../$part))
      done
      tar -C root --numeric-owner -cf base.tar .
      rm -r root

      umoci init --layout hub
      umoci new --image hub:base
      umoci raw add-layer --image hub:base base.tar
      umoci config --image hub:base --os linux --architecture amd64 --config.env PATH=$path --config.cmd /bin/bash
      for part in python jdk gcc; do
        umoci tag --image hub:base $part
        umoci raw add-layer --image hub:$part $part.tar
      done
      umoci config --image hub:jdk --config.env PATH=/$java/bin:$path
      rm *.tar
      push() {
        skopeo copy --quiet --dest-tls-verify=false oci:hub:$1 docker://$host/library/$2
      }
      push base debian:bookworm-slim
      push python python:3.12-slim
      push jdk eclipse-temurin:21
      push jdk eclipse-temurin:21-jre
      push gcc gcc:13-bookworm
      rm -r hub
      """;

  private final DockerRegistry registry;
  private final Path settings;

  private DockerHub(DockerRegistry registry, Path settings) {
    this.registry = registry;
    this.settings = settings;
  }

  /// Skips the test where a program is missing that this takes.
  static void require() {
    Peers.requireRoot();
    Peers.requireTools("debootstrap", "umoci", "skopeo", "docker-registry", "curl");
  }

  static DockerHub start(Path folder) throws IOException, InterruptedException {
    Path rootfs = Debian.tar(PACKAGES);
    DockerRegistry registry = DockerRegistry.start(folder.resolve("registry"));
    Path scratch = Files.createDirectories(folder.resolve("scratch"));
    Programs.shell(
        scratch, "rootfs='" + rootfs + "'\nhost=" + registry.host() + "\n" + MAKE_IMAGES);
    Path settings =
        Files.writeString(
            folder.resolve("config"),
            "registry(\"docker.io\", mirrors = [\"%s\"])\n".formatted(registry.host()));
    return new DockerHub(registry, settings);
  }

  /// The value for `ATHANOR_CONFIG`.
  String settings() {
    return settings.toString();
  }

  @Override
  public void close() {
    registry.close();
  }
}
