@NullMarked
package dev.athanor.cli.migrate;

import org.jspecify.annotations.NullMarked;
