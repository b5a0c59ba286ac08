/// Certificates and keys in PEM files, as TLS and signatures want them. Knows nothing of who talks
/// to whom.
@NullMarked
package dev.athanor.engine.tls;

import org.jspecify.annotations.NullMarked;
