package dev.athanor.oci.validate;

/// What an image can break; `docs/validate.md` says what each one asks and where the specification
/// does.
public enum Rule {
  JSON_SIZE("json.size"),
  JSON_ENCODING("json.encoding"),
  JSON_SYNTAX("json.syntax"),
  JSON_OBJECT("json.object"),
  JSON_DUPLICATE_NAME("json.duplicate-name"),
  JSON_NAME_CASE("json.name-case"),
  JSON_CODE_POINT("json.code-point"),
  JSON_NUMBER("json.number", Severity.WARNING),

  LAYOUT_FILES("layout.files"),
  LAYOUT_VERSION("layout.version"),
  LAYOUT_BLOBS("layout.blobs"),
  LAYOUT_REF_NAME("layout.ref-name", Severity.WARNING),
  LAYOUT_REF_NAME_TWICE("layout.ref-name-twice", Severity.WARNING),
  LAYOUT_STRAY("layout.stray", Severity.WARNING),

  BLOB_NAME("blob.name"),
  BLOB_DIGEST("blob.digest"),
  BLOB_MISSING("blob.missing"),
  BLOB_SIZE("blob.size"),

  DESCRIPTOR_OBJECT("descriptor.object"),
  DESCRIPTOR_MEDIA_TYPE("descriptor.media-type"),
  DESCRIPTOR_MEDIA_TYPE_GRAMMAR("descriptor.media-type-grammar"),
  DESCRIPTOR_DIGEST("descriptor.digest"),
  DESCRIPTOR_DIGEST_GRAMMAR("descriptor.digest-grammar"),
  DESCRIPTOR_DIGEST_ENCODED("descriptor.digest-encoded"),
  DESCRIPTOR_SIZE("descriptor.size"),
  DESCRIPTOR_SIZE_NEGATIVE("descriptor.size-negative"),
  DESCRIPTOR_URLS("descriptor.urls"),
  DESCRIPTOR_URL_GRAMMAR("descriptor.url-grammar"),
  DESCRIPTOR_URL_SCHEME("descriptor.url-scheme", Severity.WARNING),
  DESCRIPTOR_DATA("descriptor.data"),
  DESCRIPTOR_DATA_CONTENT("descriptor.data-content"),
  DESCRIPTOR_ARTIFACT_TYPE("descriptor.artifact-type"),
  DESCRIPTOR_EMPTY("descriptor.empty", Severity.WARNING),

  ANNOTATIONS_MAP("annotations.map"),
  ANNOTATIONS_VALUE("annotations.value"),
  ANNOTATIONS_RESERVED("annotations.reserved", Severity.WARNING),
  ANNOTATIONS_CREATED("annotations.created", Severity.WARNING),
  ANNOTATIONS_BASE_DIGEST("annotations.base-digest", Severity.WARNING),

  PLATFORM_OBJECT("platform.object"),
  PLATFORM_ARCHITECTURE("platform.architecture"),
  PLATFORM_OS("platform.os"),
  PLATFORM_MEMBER_TYPE("platform.member-type"),
  PLATFORM_RESERVED("platform.reserved", Severity.WARNING),

  INDEX_SCHEMA_VERSION("index.schema-version"),
  INDEX_MEDIA_TYPE("index.media-type"),
  INDEX_ARTIFACT_TYPE("index.artifact-type"),
  INDEX_MANIFESTS("index.manifests"),
  INDEX_FOREIGN_MEMBER("index.foreign-member"),

  MANIFEST_SCHEMA_VERSION("manifest.schema-version"),
  MANIFEST_MEDIA_TYPE("manifest.media-type"),
  MANIFEST_ARTIFACT_TYPE("manifest.artifact-type"),
  MANIFEST_ARTIFACT_TYPE_MISSING("manifest.artifact-type-missing"),
  MANIFEST_ARTIFACT_CONFIG("manifest.artifact-config"),
  MANIFEST_CONFIG("manifest.config"),
  MANIFEST_LAYERS("manifest.layers"),
  MANIFEST_LAYERS_EMPTY("manifest.layers-empty", Severity.WARNING),
  MANIFEST_FOREIGN_MEMBER("manifest.foreign-member"),

  CONFIG_ARCHITECTURE("config.architecture"),
  CONFIG_OS("config.os"),
  CONFIG_PLATFORM("config.platform"),
  CONFIG_MEMBER_TYPE("config.member-type"),
  CONFIG_CREATED("config.created"),
  CONFIG_ENV("config.env"),
  CONFIG_EXPOSED_PORT("config.exposed-port", Severity.WARNING),
  CONFIG_ROOTFS("config.rootfs"),
  CONFIG_ROOTFS_TYPE("config.rootfs-type"),
  CONFIG_ROOTFS_DIFF_IDS("config.rootfs-diff-ids"),
  CONFIG_DIFF_ID("config.diff-id"),
  CONFIG_DIFF_IDS("config.diff-ids"),
  CONFIG_HISTORY("config.history"),

  LAYER_MEDIA_TYPE("layer.media-type", Severity.WARNING),
  LAYER_NON_DISTRIBUTABLE("layer.non-distributable", Severity.WARNING),
  LAYER_COUNT("layer.count", Severity.WARNING),
  LAYER_COMPRESSION("layer.compression"),
  LAYER_DIFF_ID("layer.diff-id"),
  LAYER_TAR("layer.tar"),
  LAYER_END_MARKER("layer.end-marker", Severity.WARNING),
  LAYER_TRAILING_DATA("layer.trailing-data"),
  LAYER_ENTRY_NAME("layer.entry-name"),
  LAYER_ENTRY_TYPE("layer.entry-type"),
  LAYER_ROOT("layer.root"),
  LAYER_DUPLICATE_PATH("layer.duplicate-path"),
  LAYER_PATH_ESCAPE("layer.path-escape"),
  LAYER_ABSOLUTE_PATH("layer.absolute-path", Severity.WARNING),
  LAYER_LINK_TARGET("layer.link-target"),
  LAYER_HARD_LINK("layer.hard-link"),
  LAYER_WHITEOUT_NAME("layer.whiteout-name"),
  LAYER_WHITEOUT_FILE("layer.whiteout-file"),
  LAYER_SPARSE("layer.sparse", Severity.WARNING);

  /// How bad a breach is.
  public enum Severity {
    /// The specification forbids it, or no reader can make sense of it.
    ERROR,
    /// The specification advises against it, or some readers stumble over it.
    WARNING
  }

  private final String id;
  private final Severity severity;

  Rule(String id) {
    this(id, Severity.ERROR);
  }

  Rule(String id, Severity severity) {
    this.id = id;
    this.severity = severity;
  }

  /// Its name towards people and programs, such as `blob.digest`. Ids are stable.
  public String id() {
    return id;
  }

  Severity severity() {
    return severity;
  }
}
