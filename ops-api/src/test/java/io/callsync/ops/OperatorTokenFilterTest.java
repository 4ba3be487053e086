package io.callsync.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class OperatorTokenFilterTest {

  private static final String UNNAMED = "0123456789abcdef";
  private static final String ERIKAS = "fedcba9876543210";

  private final OperatorTokenFilter filter =
      new OperatorTokenFilter(new OperatorProperties(UNNAMED, Map.of("erika", ERIKAS)));

  private Object passedAs(String authorization) throws Exception {
    var request = new MockHttpServletRequest("POST", "/ops/jobs");
    if (authorization != null) {
      request.addHeader("Authorization", authorization);
    }
    var response = new MockHttpServletResponse();
    var chain = new MockFilterChain();
    filter.doFilter(request, response, chain);
    assertThat(chain.getRequest() == null).isEqualTo(response.getStatus() == 401);
    return request.getAttribute(OperatorTokenFilter.OPERATOR);
  }

  @Test
  void each_token_passes_under_the_name_of_who_holds_it() throws Exception {
    assertThat(passedAs("Bearer " + UNNAMED)).isEqualTo("operator");
    assertThat(passedAs("Bearer " + ERIKAS)).isEqualTo("erika");
  }

  @Test
  void nothing_else_passes() throws Exception {
    for (String wrong :
        List.of("", "Bearer ", UNNAMED, "Bearer " + UNNAMED + "0", "Bearer erika", "Basic x")) {
      assertThat(passedAs(wrong)).isNull();
    }
    assertThat(passedAs(null)).isNull();
  }

  @Test
  void a_token_that_is_short_or_somebody_elses_or_a_name_that_misleads_is_refused_at_the_start() {
    for (Map<String, String> named :
        List.of(
            Map.of("erika", "short"),
            Map.of("erika", UNNAMED),
            Map.of("erika", ERIKAS, "max", ERIKAS),
            Map.of("operator", ERIKAS),
            Map.of("erika muster", ERIKAS))) {
      assertThatThrownBy(() -> new OperatorProperties(UNNAMED, named))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("callsync.operator-tokens.");
    }
    assertThat(new OperatorProperties(UNNAMED, Map.of("erika", ERIKAS)).toString())
        .doesNotContain(UNNAMED)
        .doesNotContain(ERIKAS);
  }
}
