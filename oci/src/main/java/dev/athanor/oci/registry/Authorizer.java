package dev.athanor.oci.registry;

import dev.athanor.oci.model.Repository;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Answers the challenges of one registry.
///
/// Nothing is sent before the registry asks, since a guess could hand a secret to the wrong server.
/// Once it has asked, later requests bring what it wants at once. Tokens are kept per set of scopes
/// until shortly before they expire.
final class Authorizer {
  private final Endpoint endpoint;
  private final Credentials credentials;
  private final TokenClient tokens;
  private final Pacer pacer;
  private final Map<String, Token> cache = new ConcurrentHashMap<>();
  private final Map<String, Object> locks = new ConcurrentHashMap<>();
  private final Map<Repository, Optional<Credential>> found = new ConcurrentHashMap<>();
  private volatile @Nullable Challenge challenge;

  Authorizer(Endpoint endpoint, Credentials credentials, TokenClient tokens, Pacer pacer) {
    this.endpoint = endpoint;
    this.credentials = credentials;
    this.tokens = tokens;
    this.pacer = pacer;
  }

  /// The `Authorization` header to send, if the registry is known to want one.
  Optional<String> header(Call call) throws IOException {
    Challenge known = challenge;
    return known == null ? Optional.empty() : answer(known, call, "");
  }

  /// The header to send after a 401.
  ///
  /// @param refused the header that was not good enough; empty when none was sent
  /// @return nothing when there is no better one
  Optional<String> renewed(Reply reply, Call call, Optional<String> refused) throws IOException {
    List<Challenge> asked = Challenge.parse(reply.headers().allValues("WWW-Authenticate"));
    Optional<Challenge> chosen =
        asked.stream()
            .filter(Challenge::isBearer)
            .findFirst()
            .or(() -> asked.stream().filter(Challenge::isBasic).findFirst());
    if (chosen.isEmpty()) {
      return Optional.empty();
    }
    challenge = chosen.get();
    found.remove(call.repository());
    Optional<String> better = answer(chosen.get(), call, refused.orElse(""));
    return better.equals(refused) ? Optional.empty() : better;
  }

  private Optional<String> answer(Challenge challenge, Call call, String refused)
      throws IOException {
    Optional<Credential> credential = credential(call.repository());
    if (challenge.isBearer()) {
      return credential.orElse(null) instanceof Credential.RegistryToken own
          ? Optional.of("Bearer " + own.token())
          : Optional.of("Bearer " + token(challenge, call, credential, refused).value());
    }
    return credential.map(secret ->
        switch (secret) {
          case Credential.Password password -> password.basic();
          case Credential.RegistryToken own -> "Bearer " + own.token();
          case Credential.IdentityToken identity ->
              throw RegistryException.refused(
                  call.wanted(),
                  endpoint.host() + " wants a password, but there is only an " + identity,
                  "log in with user and password");
        });
  }

  /// Looked up once, since that may start a program; again after a refusal.
  private Optional<Credential> credential(Repository repository) throws IOException {
    Optional<Credential> known = found.get(repository);
    if (known == null) {
      known = credentials.find(repository);
      found.put(repository, known);
    }
    return known;
  }

  /// One request per set of scopes, however many threads want it.
  private Token token(
      Challenge challenge, Call call, Optional<Credential> credential, String refused)
      throws IOException {
    Set<String> scopes = new TreeSet<>();
    call.scopes().forEach(scope -> scopes.add(scope.toString()));
    challenge.parameter("scope").ifPresent(asked -> addForeign(asked, scopes));
    String key = scopes + String.valueOf(credential);
    synchronized (locks.computeIfAbsent(key, k -> new Object())) {
      Token cached = cache.get(key);
      if (cached != null
          && cached.isFresh(pacer.now())
          && !refused.equals("Bearer " + cached.value())) {
        return cached;
      }
      Token fresh = tokens.fetch(endpoint, challenge, scopes, credential, call.wanted());
      cache.put(key, fresh);
      return fresh;
    }
  }

  /// Scopes that the registry asks for and that we did not think of, such as `registry:catalog:*`.
  /// Those of a repository are ours to say: the challenge kept here may be about another one.
  private static void addForeign(String asked, Set<String> scopes) {
    for (String scope : asked.split(" ", -1)) {
      if (!scope.startsWith("repository:") && !scope.isEmpty()) {
        scopes.add(scope);
      }
    }
  }
}
