package dev.athanor.remote.trust;

import dev.athanor.engine.UserException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The public keys of those whose results count.
///
/// @param byId named as [SigningKey] names them
public record TrustedKeys(Map<String, PublicKey> byId) {
  public TrustedKeys {
    byId = Map.copyOf(byId);
  }

  /// @param places files with one public key each, and folders with such files that end with `.pub`
  /// @throws UserException when one of them holds none
  public static TrustedKeys read(List<Path> places) {
    Map<String, PublicKey> keys = new HashMap<>();
    for (Path place : places) {
      if (Files.isDirectory(place)) {
        readFolder(place, keys);
      } else {
        read(place, keys);
      }
    }
    return new TrustedKeys(keys);
  }

  private static void readFolder(Path folder, Map<String, PublicKey> keys) {
    int before = keys.size();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.pub")) {
      files.forEach(file -> read(file, keys));
    } catch (IOException e) {
      throw new UserException("cannot read the folder of trusted keys " + folder, "", e);
    }
    if (keys.size() == before) {
      throw new UserException(
          "no trusted keys in " + folder, "they are files whose names end with .pub");
    }
  }

  private static void read(Path file, Map<String, PublicKey> keys) {
    PublicKey key = PublicKeyFile.read(file);
    keys.put(SigningKey.id(key), key);
  }

  boolean verifies(String id, byte[] text, byte[] signature) {
    PublicKey key = byId.get(id);
    return key != null && SigningKey.verifies(key, text, signature);
  }
}
