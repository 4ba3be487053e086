package io.callsync.ops;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets a request under /ops pass only with the operator's bearer token; compared in constant time.
 */
final class OperatorTokenFilter extends OncePerRequestFilter {

  private static final String SCHEME = "Bearer ";

  private final byte[] expected;

  OperatorTokenFilter(OperatorProperties properties) {
    this.expected = properties.operatorToken().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return !request.getRequestURI().startsWith("/ops");
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (authorised(request.getHeader("Authorization"))) {
      chain.doFilter(request, response);
      return;
    }
    ProblemResponse.write(
        response,
        401,
        "operator_token_wrong",
        "This endpoint needs the operator's token: set CALLSYNC_OPERATOR_TOKEN for the command that calls it.");
  }

  private boolean authorised(@Nullable String header) {
    return header != null
        && header.startsWith(SCHEME)
        && MessageDigest.isEqual(
            header.substring(SCHEME.length()).getBytes(StandardCharsets.UTF_8), expected);
  }
}
