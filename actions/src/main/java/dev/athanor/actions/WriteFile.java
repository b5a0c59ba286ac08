package dev.athanor.actions;

import dev.athanor.engine.action.ActionContext;
import dev.athanor.engine.action.ActionType;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.tree.Content;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Writes a file: of the parameter `content`, or of the only input with every occurrence of TEXT
/// replaced for each parameter `substitute:TEXT`. With the parameter `executable`, a program.
final class WriteFile implements ActionType {
  private static final String SUBSTITUTE = "substitute:";

  @Override
  public String id() {
    return "file.write";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public Resource resource() {
    return Resource.DISK;
  }

  @Override
  public void run(ActionContext context) throws IOException {
    Map<String, String> params = context.action().params();
    String text = params.get("content");
    if (text == null) {
      text = new String(context.read(context.action().inputs().getFirst()), StandardCharsets.UTF_8);
      for (Map.Entry<String, String> param : params.entrySet()) {
        if (param.getKey().startsWith(SUBSTITUTE)) {
          text = text.replace(param.getKey().substring(SUBSTITUTE.length()), param.getValue());
        }
      }
    }
    Artifact.Derived output = context.action().outputs().getFirst();
    Digest digest = context.blobs().put(text.getBytes(StandardCharsets.UTF_8));
    context.output(
        output, new Content.File(digest, Boolean.parseBoolean(params.get("executable"))));
  }
}
