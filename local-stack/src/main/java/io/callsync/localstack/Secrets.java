package io.callsync.localstack;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Properties;

/**
 * What the parts of a stack know of each other: made at the first start and kept in the data
 * folder, unless the environment gives them.
 */
public record Secrets(
    String operatorToken,
    String retellApiKey,
    String calcomApiKey,
    String calcomWebhookSecret,
    String databasePassword,
    String readerPassword) {

  /** Takes each from the environment, else from what was kept, else makes it and keeps it. */
  static Secrets of(Map<String, String> environment, Properties kept) {
    return new Secrets(
        find("CALLSYNC_OPERATOR_TOKEN", "operatorToken", "", environment, kept),
        find("RETELL_API_KEY", "retellApiKey", "key_", environment, kept),
        find("CALCOM_API_KEY", "calcomApiKey", "cal_", environment, kept),
        find("CALCOM_WEBHOOK_SECRET", "calcomWebhookSecret", "whsec_", environment, kept),
        find("CALLSYNC_DB_PASSWORD", "databasePassword", "", environment, kept),
        find("CALLSYNC_READMODEL_PASSWORD", "readerPassword", "", environment, kept));
  }

  private static String find(
      String variable,
      String name,
      String prefix,
      Map<String, String> environment,
      Properties kept) {
    String given = environment.get(variable);
    if (given != null && !given.isBlank()) {
      return given;
    }
    String before = kept.getProperty(name);
    if (before != null) {
      return before;
    }
    byte[] random = new byte[20];
    new SecureRandom().nextBytes(random);
    String made = prefix + HexFormat.of().formatHex(random);
    kept.setProperty(name, made);
    return made;
  }

  @Override
  public String toString() {
    return "Secrets[...]";
  }
}
