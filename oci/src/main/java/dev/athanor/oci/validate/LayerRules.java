package dev.athanor.oci.validate;

import com.github.luben.zstd.ZstdIOException;
import dev.athanor.oci.layer.Compression;
import dev.athanor.oci.layer.LayerException;
import dev.athanor.oci.layer.LayerScan;
import dev.athanor.oci.layer.Limits;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.ZipException;

/// What is asked of a layer's blob: its compression, its tar, its diff id. [EntryRules] look at
/// what the tar holds.
final class LayerRules {
  private final Claim claim;
  private final Findings findings;

  /// What an image says about a layer.
  ///
  /// @param diffId empty when it does not say
  record Claim(String digest, Compression compression, String diffId) {}

  LayerRules(Claim claim, Findings findings) {
    this.claim = claim;
    this.findings = findings;
  }

  void check(Path file) throws IOException {
    Optional<ContentHash> hash =
        Optional.of(claim.diffId)
            .filter(it -> !it.isEmpty())
            .map(Grammar::algorithm)
            .flatMap(ContentHash::of);
    OutputStream copy = hash.isPresent() ? hash.get() : OutputStream.nullOutputStream();
    try (InputStream in = Files.newInputStream(file);
        LayerScan scan = new LayerScan(in, Limits.DEFAULT, copy)) {
      if (scan.compression() != claim.compression) {
        report(
            Rule.LAYER_COMPRESSION,
            "the media type says " + claim.compression + ", the blob is " + scan.compression());
      }
      checkTar(scan);
      scan.drain();
      if (scan.hadForeignBytes()) {
        report(Rule.LAYER_COMPRESSION, "there are bytes after the compressed data");
      }
      hash.ifPresent(it -> checkDiffId(it.hex()));
    } catch (ZipException | ZstdIOException e) {
      report(Rule.LAYER_COMPRESSION, String.valueOf(e.getMessage()));
    } catch (LayerException e) {
      report(Rule.LAYER_TAR, String.valueOf(e.getMessage()));
    }
  }

  /// Ends early where the tar is damaged; what follows has a diff id all the same.
  private void checkTar(LayerScan scan) throws IOException {
    EntryRules entries = new EntryRules(claim.digest, findings);
    try {
      for (LayerScan.Member member = scan.next(); member != null; member = scan.next()) {
        entries.check(member);
      }
    } catch (LayerException e) {
      report(Rule.LAYER_TAR, String.valueOf(e.getMessage()));
      return;
    } catch (EOFException e) {
      report(Rule.LAYER_TAR, "the tar " + e.getMessage());
      return;
    } finally {
      entries.checkHardLinks();
    }
    if (!scan.hadEndMarker()) {
      report(Rule.LAYER_END_MARKER, "no block of zeros ends the tar");
    }
    if (scan.drain()) {
      report(Rule.LAYER_TRAILING_DATA, "there are bytes after the end of the tar");
    }
  }

  private void checkDiffId(String actual) {
    String algorithm = Grammar.algorithm(claim.diffId);
    if (!claim.diffId.equals(algorithm + ":" + actual)) {
      report(
          Rule.LAYER_DIFF_ID,
          "expected " + claim.diffId + ", the tar is " + algorithm + ":" + actual);
    }
  }

  private void report(Rule rule, String problem) {
    findings.add(rule, claim.digest, problem);
  }
}
