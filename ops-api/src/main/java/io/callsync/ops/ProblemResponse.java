package io.callsync.ops;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import tools.jackson.databind.json.JsonMapper;

/** Problem details (RFC 9457) with a stable code for machines and one sentence for people. */
public final class ProblemResponse {

  private ProblemResponse() {}

  public static ProblemDetail detail(int status, String code, String sentence) {
    ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.valueOf(status), sentence);
    problem.setType(URI.create("urn:callsync:problem:" + code));
    problem.setProperty("code", code);
    return problem;
  }

  /** Writes the problem where no controller runs, from a filter for instance. */
  public static void write(HttpServletResponse response, int status, String code, String sentence)
      throws IOException {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("type", "urn:callsync:problem:" + code);
    body.put("title", HttpStatus.valueOf(status).getReasonPhrase());
    body.put("status", status);
    body.put("detail", sentence);
    body.put("code", code);
    response.setStatus(status);
    response.setContentType("application/problem+json");
    response.getOutputStream().write(JsonMapper.shared().writeValueAsBytes(body));
  }
}
