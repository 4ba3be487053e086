package io.callsync.ops;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets a request under /ops pass only with an operator's bearer token, and says whose it is. All
 * tokens are compared, each in constant time.
 */
final class OperatorTokenFilter extends OncePerRequestFilter {

  /** The request's attribute that holds the operator's name. */
  static final String OPERATOR = "callsync.operator";

  private static final String SCHEME = "Bearer ";

  private final Map<String, byte[]> tokens = new TreeMap<>();

  OperatorTokenFilter(OperatorProperties properties) {
    properties.tokens().forEach((name, token) -> tokens.put(name, token.getBytes(UTF_8)));
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return !request.getRequestURI().startsWith("/ops");
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Optional<String> operator = holder(request.getHeader("Authorization"));
    if (operator.isPresent()) {
      request.setAttribute(OPERATOR, operator.get());
      chain.doFilter(request, response);
      return;
    }
    ProblemResponse.write(
        response,
        401,
        "operator_token_wrong",
        "This endpoint needs the operator's token: set CALLSYNC_OPERATOR_TOKEN for the command that calls it.");
  }

  private Optional<String> holder(@Nullable String header) {
    if (header == null || !header.startsWith(SCHEME)) {
      return Optional.empty();
    }
    byte[] shown = header.substring(SCHEME.length()).getBytes(UTF_8);
    String holder = null;
    for (Map.Entry<String, byte[]> token : tokens.entrySet()) {
      if (MessageDigest.isEqual(shown, token.getValue())) {
        holder = token.getKey();
      }
    }
    return Optional.ofNullable(holder);
  }
}
