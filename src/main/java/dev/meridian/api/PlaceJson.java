package dev.meridian.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.meridian.geo.Coordinates;
import dev.meridian.geo.GeoAnswer;
import dev.meridian.geo.Location;
import java.io.IOException;

/** Where a client is, in the same words wherever it is told. */
public final class PlaceJson {
  private PlaceJson() {}

  /** Fields of the object that is open; what is not known is left out or empty. */
  public static void write(JsonGenerator json, GeoAnswer answer) throws IOException {
    Location place = answer.location();
    json.writeStringField("prefix", answer.prefix().toString());
    json.writeStringField("continent", place.continent());
    json.writeStringField("country", place.country());
    json.writeStringField("subdivision", place.subdivision());
    json.writeStringField("district", place.district());
    json.writeStringField("city", place.city());
    if (place.geonameId() > 0) {
      json.writeNumberField("geonameId", place.geonameId());
    }
    Coordinates at = place.coordinates();
    if (at != null) {
      json.writeNumberField("latitude", at.latitude());
      json.writeNumberField("longitude", at.longitude());
    }
    json.writeNumberField("asn", answer.asNumber());
  }
}
