package dev.athanor.oci.rootfs;

import com.google.common.collect.ImmutableList;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.oci.layer.Compression;
import dev.athanor.oci.layer.Debian;
import dev.athanor.oci.layer.Entry;
import dev.athanor.oci.layer.Layer;
import dev.athanor.oci.layer.LayerWriter;
import dev.athanor.oci.layer.Peers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Images to compare tools by, each made by other tools.
enum Corpus {
  /// What debootstrap installs, without half of its files that nobody would miss here, packed by
  /// GNU tar; then changes that umoci packed.
  DEBIAN("debootstrap", "tar", "umoci", "setcap", "useradd") {
    @Override
    void make(Path folder, BlobStore store) throws IOException {
      shell(
          folder,
          """
          mkdir root && cd root
          tar --numeric-owner --xattrs -xpf '%s' --exclude=./usr/share/doc \
            --exclude=./usr/share/man --exclude=./usr/share/locale --exclude=./usr/share/zoneinfo
          tar --numeric-owner --xattrs -cf ../1.tar . && cd .. && rm -rf root
          umoci init --layout image && umoci new --image image:t
          umoci raw add-layer --image image:t 1.tar
          umoci unpack --image image:t bundle
          cd bundle/rootfs
          rm -r usr/share/perl5 etc/issue.net usr/share/bash-completion
          mkdir usr/share/bash-completion && echo only > usr/share/bash-completion/only
          useradd --root "$PWD" --create-home --uid 1000 alice
          chmod 4711 usr/bin/env && chown 1000 usr/bin/yes && setcap cap_chown=p usr/bin/dd
          ln usr/bin/yes usr/bin/no && ln -sfn no usr/bin/sort && mkfifo run/pipe
          cd ../.. && umoci repack --image image:t bundle
          """
              .formatted(Debian.tar("")));
    }
  },

  /// A shell with a name for each of its commands, some of them hard links and some symlinks,
  /// packed by buildah; the second layer is what commands in the image did.
  BUSYBOX("busybox", "buildah") {
    @Override
    void make(Path folder, BlobStore store) throws IOException {
      shell(
          folder,
          """
          mkdir -p root/bin root/usr/bin root/etc root/tmp root/dev && chmod 1777 root/tmp
          cp -L "$(command -v busybox)" root/bin/busybox
          for name in $(busybox --list); do
            case $name in
              busybox) ;;
              [a-m]*) ln root/bin/busybox root/bin/"$name" ;;
              *) ln -s ../../bin/busybox root/usr/bin/"$name" ;;
            esac
          done
          store=$(mktemp -d) && trap 'rm -rf "$store"' EXIT
          set -- buildah --root "$store/root" --runroot "$store/run" --storage-driver vfs
          c=$("$@" from scratch)
          m=$("$@" mount "$c") && cp -a root/. "$m" && "$@" umount "$c"
          "$@" commit -q "$c" oci:first:t
          c=$("$@" from oci:first:t)
          cat > commands <<END
          rm /bin/ls /usr/bin/wget; ln -f /bin/busybox /bin/shell
          mv /bin/cat /usr/bin/cat; ln -s busybox /bin/cat
          rmdir /tmp; echo file > /tmp; echo root:x:0:0:: > /etc/passwd
          mkdir -p /srv/a/b; chown -R 7:8 /srv; chmod 2750 /srv/a
          END
          "$@" run --isolation chroot "$c" /bin/ash -euc "$(cat commands)"
          "$@" commit -q "$c" oci:image:t
          """);
    }
  },

  /// One of everything, packed by GNU tar; the second layer takes much of it away.
  ODD("tar", "umoci", "setcap") {
    @Override
    void make(Path folder, BlobStore store) throws IOException {
      OddTree.make(folder);
      shell(
          folder,
          """
          tar -C lower --format=posix --numeric-owner --xattrs --xattrs-include='*' --sparse \\
            -cf 1.tar .
          tar -C upper --format=gnu --numeric-owner -cf 2.tar .
          umoci init --layout image && umoci new --image image:t
          umoci raw add-layer --image image:t 1.tar && umoci raw add-layer --image image:t 2.tar
          """);
    }
  },

  /// More layers than an overlay can have, packed by us.
  DEEP {
    @Override
    void make(Path folder, BlobStore store) throws IOException {
      Random random = new Random(130);
      List<Layer> layers = new ArrayList<>();
      for (int i = 0; i < 130; i++) {
        Compression compression = i % 3 == 0 ? Compression.NONE : Compression.GZIP;
        List<Entry> entries = RandomTrees.layer(random);
        layers.add(new LayerWriter(store, store::open, 1).write(entries, compression));
      }
      LayoutFolder.write(folder.resolve("image"), store, layers);
    }
  };

  private final ImmutableList<String> tools;

  Corpus(String... tools) {
    this.tools = ImmutableList.copyOf(tools);
  }

  void require() {
    Peers.requireRoot();
    Peers.requireTools(tools.toArray(String[]::new));
  }

  /// Makes the layout `image` in `folder`, whose image has the tag `t`.
  ///
  /// @param store may be used on the way
  abstract void make(Path folder, BlobStore store) throws IOException;

  private static void shell(Path folder, String lines) throws IOException {
    Peers.runIn(folder, "sh", "-euc", lines);
  }
}
