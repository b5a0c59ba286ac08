# Starts the JVM, with what both launchers agree on. Sourced, with $java, $classpath and $learned set: the program, the
# class path, and the archives of what the JVM learned while it was trained. Plain sh, and next to no other programs: this
# runs for every command.
interactive=false
columns=80
if [ -t 2 ]; then
  interactive=true
  size=$(stty size <&2 2>/dev/null) && columns=${size#* } || :
fi
# The JVM reads file names and arguments by the locale, and continuous integration often has none.
export LC_ALL=C.UTF-8
# The second JIT compiler pays in processes that run for minutes. Its only urgent client is SHA-256, which OpenSSL does as
# well, where it is installed.
jit=
for library in /usr/lib/*/libcrypto.so.3 /usr/lib64/libcrypto.so.3 /usr/lib/libcrypto.so.3 /lib/*/libcrypto.so.1.1; do
  [ ! -e "$library" ] || jit=-XX:TieredStopAtLevel=1
done
for word; do
  [ "$word" != serve ] || jit=
done
# Buffers of the HTTP client: with the small ones that it has of itself, blobs come a sixth slower.
# A small young generation: what a short process leaves uncollected is memory all the same. It grows when there is need.
exec "$java" -XX:SharedArchiveFile="$learned" -Xshare:auto -Xlog:aot=off \
  -Xlog:cds=off -XX:+UseSerialGC -Xms64m -XX:NewSize=24m -XX:-UsePerfData $jit \
  -Djdk.httpclient.bufsize=131072 \
  --enable-native-access=ALL-UNNAMED -Dathanor.interactive=$interactive -Dathanor.columns="$columns" \
  -cp "$classpath" dev.athanor.cli.Main "$@"
