import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import java.nio.file.Path;
import java.util.List;

/// Puts a folder on a base image and pushes it, as Jib's plugins for Maven and Gradle do. Its caches are kept for the next
/// run; times in the image are Jib's own, which never change.
///
/// usage: java -cp JIB:CLASSES JibBuild BASE FOLDER TO CACHE
final class JibBuild {
  public static void main(String[] args) throws Exception {
    Path cache = Path.of(args[3]);
    Jib.from(RegistryImage.named(args[0]))
        .addLayer(List.of(Path.of(args[1])), AbsoluteUnixPath.get("/"))
        .setEntrypoint("/bin/sh")
        .containerize(
            Containerizer.to(RegistryImage.named(args[2]))
                .setAllowInsecureRegistries(true)
                .setBaseImageLayersCache(cache.resolve("base"))
                .setApplicationLayersCache(cache.resolve("app")));
    // The HTTP client's threads would keep the process for a while.
    System.exit(0);
  }
}
