package io.callsync.localstack.calcom;

import io.callsync.localstack.http.Reply;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/** A refusal by the API, in one of the three shapes that Cal.com's errors have. */
final class ApiError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Which part of Cal.com writes the error, and therefore how it looks. */
  enum Shape {
    /** Its own filter: code is the class name of the exception. */
    A,
    /** The database's and validators' filters: code is the status' name. */
    B,
    /** The framework's default for what nobody caught. */
    C
  }

  static final String TAKEN = "User either already has booking at this time or is not available";

  private final int status;
  private final Shape shape;
  private final Object details;

  private ApiError(int status, Shape shape, String message, Object details) {
    super(message, null, false, false);
    this.status = status;
    this.shape = shape;
    this.details = details;
  }

  static ApiError of(int status, String message) {
    return new ApiError(
        status,
        Shape.A,
        message,
        Map.of("message", message, "error", reason(status), "statusCode", status));
  }

  static ApiError of(int status, Shape shape, String message) {
    return new ApiError(status, shape, message, message);
  }

  /** What the validation of a body says: one text for each fault. */
  static ApiError invalid(List<String> faults) {
    return new ApiError(
        400,
        Shape.A,
        String.join(", ", faults),
        Map.of("message", faults, "error", "Bad Request", "statusCode", 400));
  }

  static ApiError tooManyRequests() {
    String message = "CustomThrottlerGuard - Too many requests. Please try again later.";
    return new ApiError(429, Shape.A, message, message);
  }

  Reply.Json reply(String path, Map<String, String> headers) {
    Object body =
        shape == Shape.C
            ? Map.of("statusCode", status, "message", message())
            : Map.of(
                "status",
                "error",
                "timestamp",
                Instant.now().truncatedTo(ChronoUnit.MILLIS).toString(),
                "path",
                path,
                "error",
                Map.of("code", code(), "message", message(), "details", details));
    return new Reply.Json(status, headers, body, at -> {});
  }

  private String message() {
    return String.valueOf(getMessage());
  }

  private String code() {
    if (shape == Shape.B) {
      return switch (status) {
        case 404 -> "NOT_FOUND";
        case 409 -> "CONFLICT";
        case 400 -> "BAD_REQUEST";
        default -> "INTERNAL_SERVER_ERROR";
      };
    }
    return switch (status) {
      case 400 -> "BadRequestException";
      case 401 -> "UnauthorizedException";
      case 403 -> "ForbiddenException";
      case 404 -> "NotFoundException";
      case 409 -> "ConflictException";
      case 422 -> "UnprocessableEntityException";
      case 429 -> "ThrottlerException";
      default -> "InternalServerErrorException";
    };
  }

  private static String reason(int status) {
    return switch (status) {
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 409 -> "Conflict";
      case 422 -> "Unprocessable Entity";
      default -> "Internal Server Error";
    };
  }
}
