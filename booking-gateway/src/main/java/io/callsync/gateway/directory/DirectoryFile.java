package io.callsync.gateway.directory;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.callsync.gateway.connection.Connection;
import io.callsync.gateway.customer.CallerNumber;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The operator's file of companies, numbers, services and staff (YAML, or JSON which is YAML). */
record DirectoryFile(List<CompanyItem> companies) {

  /** The file cannot be taken; the message names the place and the next step. */
  static final class DirectoryFileException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String sentence;

    DirectoryFileException(String sentence) {
      super(sentence);
      this.sentence = sentence;
    }

    String sentence() {
      return sentence;
    }
  }

  record CompanyItem(
      long id,
      String name,
      @Nullable String timezone,
      @Nullable String language,
      @Nullable String fallbackEmail,
      @Nullable String connection,
      @Nullable List<BranchItem> branches,
      @Nullable List<NumberItem> phoneNumbers,
      @Nullable List<ServiceItem> services,
      @Nullable List<StaffItem> staff) {}

  record BranchItem(String id, String name) {}

  record NumberItem(String number, @Nullable String branch) {}

  record ServiceItem(
      long id,
      String name,
      @Nullable List<String> synonyms,
      int durationMinutes,
      long eventTypeId,
      @Nullable String branch,
      @Nullable String calcomAccount,
      @Nullable Boolean active) {}

  record StaffItem(
      String id,
      String name,
      @Nullable String email,
      @Nullable Long calcomUserId,
      @Nullable String branch,
      @Nullable Boolean active) {}

  private static final int LONGEST_ID = 100;

  private static final Pattern PLACE = Pattern.compile("line (\\d+), column");

  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  static DirectoryFile parse(byte[] bytes) {
    try {
      DirectoryFile file = YAML.readValue(bytes, DirectoryFile.class);
      if (file == null || file.companies == null || file.companies.isEmpty()) {
        throw new DirectoryFileException(
            "The file holds no companies: start it with 'companies:'.");
      }
      if (file.companies.contains(null)) {
        throw new DirectoryFileException("The file holds an empty company: fill or remove it.");
      }
      if (JsonMapper.shared().writeValueAsString(file).contains("\\u0000")) {
        throw new DirectoryFileException(
            "The file holds a NUL character, which no database takes: remove it.");
      }
      return file;
    } catch (JacksonException e) {
      throw new DirectoryFileException(
          "The directory file cannot be read at line %d: %s; correct it there and import the file again."
              .formatted(line(e, bytes), what(e)));
    }
  }

  /**
   * Where the YAML reader stumbled, which its message names last, or where a value stands; of an
   * unknown field the reader only says so when it is past it.
   */
  private static int line(JacksonException e, byte[] bytes) {
    int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
    if (e instanceof UnrecognizedPropertyException unknown) {
      List<String> lines = new String(bytes, UTF_8).lines().limit(line).toList();
      for (int n = lines.size(); n > 0; n--) {
        if (lines.get(n - 1).contains(unknown.getPropertyName())) {
          return n;
        }
      }
    } else if (!(e instanceof DatabindException)) {
      Matcher place = PLACE.matcher(e.getOriginalMessage());
      while (place.find()) {
        line = Integer.parseInt(place.group(1));
      }
    }
    return line;
  }

  /** Without the reader's own words of several lines, and without our classes. */
  private static String what(JacksonException e) {
    if (e instanceof UnrecognizedPropertyException unknown) {
      return "'%s' is no field of it (%s are)"
          .formatted(
              unknown.getPropertyName(),
              unknown.getKnownPropertyIds().stream()
                  .map(String::valueOf)
                  .sorted()
                  .collect(Collectors.joining(", ")));
    }
    if (e instanceof DatabindException) {
      String field =
          e.getPath().stream()
              .map(at -> at.getPropertyName() == null ? "" : at.getPropertyName())
              .filter(name -> !name.isEmpty())
              .reduce("the file", (outer, inner) -> inner);
      return "the value of %s is of the wrong kind".formatted(field);
    }
    return e.getOriginalMessage()
        .lines()
        .filter(words -> !words.isBlank() && !words.startsWith(" ") && !words.startsWith("while "))
        .reduce("it is no YAML", (before, last) -> last);
  }

  /** The entries of the file, companies first; checks what a person may have typed wrong. */
  List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    for (CompanyItem company : companies) {
      if (company.id <= 0 || company.name == null || company.name.isBlank()) {
        throw new DirectoryFileException("Each company needs a positive id and a name.");
      }
      CompanyEntry head =
          new CompanyEntry(
              company.id,
              company.name,
              zone(company),
              company.language == null ? "de" : company.language,
              company.fallbackEmail,
              company.connection == null ? Connection.DEFAULT : company.connection);
      entries.add(new Entry("company", String.valueOf(company.id), company.id, head));
      for (BranchItem branch : items(company, "branches", company.branches)) {
        requireIdAndName(company, "branch", branch.id, branch.name);
        entries.add(
            new Entry(
                "branch",
                branch.id,
                company.id,
                new BranchEntry(branch.id, company.id, branch.name)));
      }
      for (NumberItem item : items(company, "phoneNumbers", company.phoneNumbers)) {
        String number = CallerNumber.parse(item.number);
        if (number == null) {
          throw new DirectoryFileException(
              "Company %d: a phone number is unreadable; write it as +49...".formatted(company.id));
        }
        entries.add(
            new Entry(
                "phone_number",
                number,
                company.id,
                new PhoneNumberEntry(number, company.id, item.branch, number)));
      }
      for (ServiceItem item : items(company, "services", company.services)) {
        if (item.eventTypeId <= 0 || item.durationMinutes <= 0 || item.name == null) {
          throw new DirectoryFileException(
              "Company %d, service %d: name, eventTypeId and durationMinutes are needed."
                  .formatted(company.id, item.id));
        }
        entries.add(
            new Entry(
                "service",
                String.valueOf(item.id),
                company.id,
                new ServiceEntry(
                    item.id,
                    company.id,
                    item.branch,
                    item.name,
                    items(company, "synonyms", item.synonyms),
                    item.durationMinutes,
                    item.eventTypeId,
                    item.calcomAccount == null ? head.connection() : item.calcomAccount,
                    item.active == null || item.active)));
      }
      for (StaffItem item : items(company, "staff", company.staff)) {
        requireIdAndName(company, "member of staff", item.id, item.name);
        entries.add(
            new Entry(
                "staff",
                item.id,
                company.id,
                new StaffEntry(
                    item.id,
                    company.id,
                    item.branch,
                    item.name,
                    item.email,
                    item.calcomUserId,
                    item.active == null || item.active)));
      }
    }
    return entries;
  }

  /**
   * @throws DirectoryFileException where a company or service names a connection that is not set up
   */
  void requireConnections(Predicate<String> isKnown) {
    for (CompanyItem company : companies) {
      Stream.concat(
              Stream.of(Optional.ofNullable(company.connection)),
              orEmpty(company.services).stream().map(s -> Optional.ofNullable(s.calcomAccount)))
          .flatMap(Optional::stream)
          .filter(isKnown.negate())
          .findFirst()
          .ifPresent(
              unknown -> {
                throw new DirectoryFileException(
                    "Company %d names the connection '%s', which this gateway does not have: set callsync.connections.%s first."
                        .formatted(company.id, unknown, unknown));
              });
    }
  }

  private static String zone(CompanyItem company) {
    if (company.timezone == null) {
      return "Europe/Berlin";
    }
    try {
      return java.time.ZoneId.of(company.timezone).getId();
    } catch (java.time.DateTimeException e) {
      throw new DirectoryFileException(
          "Company %d: timezone must be an IANA name such as Europe/Berlin.".formatted(company.id));
    }
  }

  private static <T> List<T> items(CompanyItem company, String list, @Nullable List<T> items) {
    if (items != null && items.contains(null)) {
      throw new DirectoryFileException(
          "Company %d: an entry of %s is empty: fill or remove it.".formatted(company.id, list));
    }
    return orEmpty(items);
  }

  private static void requireIdAndName(
      CompanyItem company, String what, @Nullable String id, @Nullable String name) {
    if (id == null || id.isBlank() || id.length() > LONGEST_ID || name == null || name.isBlank()) {
      throw new DirectoryFileException(
          "Company %d: each %s needs a name and an id of at most %d characters."
              .formatted(company.id, what, LONGEST_ID));
    }
  }

  private static <T> List<T> orEmpty(@Nullable List<T> items) {
    return items == null ? List.of() : items;
  }

  /** One line of the directory: its type, id, company and content. */
  record Entry(String type, String id, long companyId, Object content) {}

  record BranchEntry(String id, long companyId, String name) {}

  record PhoneNumberEntry(String id, long companyId, @Nullable String branchId, String number) {}

  record StaffEntry(
      String id,
      long companyId,
      @Nullable String branchId,
      String name,
      @Nullable String email,
      @Nullable Long calcomUserId,
      boolean active) {}

  /** What an entry of that type holds. */
  static Class<?> type(String entityType) {
    return switch (entityType) {
      case "company" -> CompanyEntry.class;
      case "branch" -> BranchEntry.class;
      case "phone_number" -> PhoneNumberEntry.class;
      case "service" -> ServiceEntry.class;
      case "staff" -> StaffEntry.class;
      default -> throw new IllegalArgumentException("no directory entry is a " + entityType);
    };
  }
}
