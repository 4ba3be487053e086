package io.callsync.gateway.booking;

import io.callsync.gateway.customer.CustomerIdentity;
import io.callsync.gateway.customer.CustomerState;
import io.callsync.gateway.delivery.Chain;
import io.callsync.gateway.directory.CompanyEntry;
import io.callsync.gateway.directory.Directory;
import io.callsync.gateway.directory.ServiceEntry;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Gives a booking its company, service, staff and customer, as far as the directory knows them. */
@Component
public class BookingPlace {

  private final Directory directory;

  BookingPlace(Directory directory) {
    this.directory = directory;
  }

  /** What was known stays where nothing better is known; a customer is registered once. */
  public BookingState place(Chain chain, BookingState booking) {
    Optional<ServiceEntry> service =
        directory.serviceOf(booking.calcomAccount(), booking.eventTypeId());
    Long company = service.map(ServiceEntry::companyId).orElse(booking.companyId());
    if (company == null) {
      return booking;
    }
    Optional<Link> current = booking.current();
    String staff =
        current
            .flatMap(link -> directory.staff(company, link.hostId(), link.hostEmail()))
            .orElse(booking.staffId());
    String zone = directory.company(company).map(CompanyEntry::timezone).orElse(booking.timezone());
    Long customer = booking.customerId();
    if (customer == null) {
      customer = customer(chain, booking, company);
    }
    return booking.withPlace(
        company,
        service.map(ServiceEntry::id).orElse(booking.serviceId()),
        branch(service, booking),
        staff,
        customer,
        zone);
  }

  private static @Nullable String branch(Optional<ServiceEntry> service, BookingState booking) {
    return booking.branchId() != null
        ? booking.branchId()
        : service.map(ServiceEntry::branchId).orElse(null);
  }

  private Long customer(Chain chain, BookingState booking, long company) {
    Attendee attendee = BookingEvents.attendee(booking, directory.contactRules(company));
    String retellCallId = booking.retellCallId();
    CustomerIdentity occasion =
        retellCallId == null
            ? new CustomerIdentity("booking", booking.bookingId().toString())
            : new CustomerIdentity("call", retellCallId);
    CustomerState registered =
        chain.customer(
            company,
            CustomerIdentity.of(attendee.phone(), attendee.email(), occasion),
            attendee.name(),
            attendee.phone(),
            attendee.email());
    return registered.customerId();
  }
}
