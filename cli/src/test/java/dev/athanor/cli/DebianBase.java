package dev.athanor.cli;

import dev.athanor.oci.layer.Debian;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A real base image: Debian as `debootstrap` installs it, in layers of which later ones change and
/// remove what earlier ones brought.
final class DebianBase {
  private DebianBase() {}

  /// Makes the image `base:1` in a layout below `folder`, and gives its reference.
  static String image(Path folder) throws IOException {
    Path rootfs = Debian.tar("");
    Files.createDirectories(folder);
    Programs.shell(
        folder,
        """
        # The whole, in two layers.
        mkdir root && tar -C root --numeric-owner --xattrs -xf '%s'
        tar -C root --numeric-owner --xattrs --exclude=./usr/share -cf 1.tar .
        tar -C root --numeric-owner --xattrs -cf 2.tar ./usr/share
        # Removes a directory and a file, empties a directory, and puts something in it.
        mkdir -p 3/usr/share/locale 3/etc && cd 3
        touch usr/share/.wh.doc etc/.wh.issue.net usr/share/locale/.wh..wh..opq
        echo only > usr/share/locale/only && cd ..
        tar -C 3 --numeric-owner -cf 3.tar usr etc
        # Owners, a set-user-id bit, links of both kinds, a device, an extended attribute.
        mkdir -p 4/opt/odd && cd 4/opt/odd
        echo a > 'with blank' && ln 'with blank' hard && ln -s ../odd/hard soft
        cp /bin/true suid && chown 1234:5678 suid && chmod 4751 suid
        mknod null c 1 3 && mkfifo pipe && mkdir sticky && chmod 1777 sticky
        touch capable && setcap cap_net_raw=ep capable
        cd ../../.. && tar -C 4 --numeric-owner --xattrs --xattrs-include='*' -cf 4.tar opt

        umoci init --layout base
        umoci new --image base:1
        for layer in 1 2 3 4; do umoci raw add-layer --image base:1 $layer.tar; done
        umoci config --image base:1 --os linux --config.env PATH=/usr/sbin:/usr/bin:/sbin:/bin \\
          --config.env INHERITED=yes --config.cmd /bin/bash
        rm -rf root ?.tar
        """
            .formatted(rootfs));
    return "oci:" + folder.resolve("base") + ":1";
  }

  /// An image `toolchain:1` with a C compiler in a layout below `folder`.
  static String toolchain(Path folder) throws IOException {
    Path rootfs = Debian.tar("gcc,libc6-dev");
    Programs.shell(
        Files.createDirectories(folder),
        """
        umoci init --layout toolchain
        umoci new --image toolchain:1
        umoci raw add-layer --image toolchain:1 '%s'
        umoci config --image toolchain:1 --os linux --config.env PATH=/usr/bin:/bin
        """
            .formatted(rootfs));
    return "oci:" + folder.resolve("toolchain") + ":1";
  }
}
