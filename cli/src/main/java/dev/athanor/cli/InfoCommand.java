package dev.athanor.cli;

import com.google.gson.JsonObject;
import dev.athanor.engine.loading.Workspace;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// `athanor info`: where things are.
final class InfoCommand implements Command {
  @Override
  public String name() {
    return "info";
  }

  @Override
  public String usage() {
    return "";
  }

  @Override
  public String summary() {
    return "Prints where workspace, outputs and caches are.";
  }

  @Override
  public ExitCode run(Invocation invocation) throws InterruptedException {
    OpenWorkspace opened = OpenWorkspace.of(invocation);
    Workspace workspace = opened.workspace();
    GlobalFlags flags = opened.flags();
    Map<String, String> info = new LinkedHashMap<>();
    info.put("workspace", workspace.root().toString());
    if (!opened.settings().name().isEmpty()) {
      info.put("name", opened.settings().name());
    }
    info.put("output", workspace.root().resolve(Workspace.OUTPUT_FOLDER).toString());
    info.put("cache", flags.cacheDir().toString());
    opened.userFile().ifPresent(file -> info.put("config", file.toString()));
    info.put("jobs", String.valueOf(flags.jobs()));
    info.put("java", System.getProperty("java.vm.version", "?"));
    if (invocation.json()) {
      JsonObject json = new JsonObject();
      info.forEach(json::addProperty);
      invocation.terminal().out().println(json);
    } else {
      info.forEach((name, value) ->
          invocation.terminal().out().println(String.format(Locale.ROOT, "%-10s %s", name, value)));
    }
    return ExitCode.SUCCESS;
  }
}
