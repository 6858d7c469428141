package dev.meridian.zone;

import dev.meridian.wire.DomainName;
import org.jspecify.annotations.Nullable;

/**
 * Builds many zones, one after the other: what the making of one leaves of its tools the next takes
 * up, and what small zones have in common they share. Owned by one thread.
 */
public final class ZoneFactory {
  private final ShapePool shapes = new ShapePool();
  private @Nullable TemplateMaker templates;

  /** A builder that has done its work. */
  private @Nullable ZoneBuilder spare;

  /**
   * An empty zone.
   *
   * @param expected how many records there will be, as far as one can guess; less growing, then
   */
  public ZoneBuilder begin(DomainName apex, int expected) {
    ZoneBuilder used = spare;
    spare = null;
    if (used == null || expected > ZoneBuilder.SMALL) {
      return new ZoneBuilder(apex, expected);
    }
    used.restart(apex);
    return used;
  }

  /**
   * Lays a zone out. The builder is not to be used any more.
   *
   * @throws IllegalStateException if there is no SOA at the apex
   */
  public Zone build(ZoneBuilder builder) {
    Layout layout = new LowerLayer(builder).lay();
    Zone bare = new Zone(layout);
    TemplateMaker maker = templates;
    if (maker == null) {
      maker = new TemplateMaker(bare);
      templates = maker;
    } else {
      maker.use(bare);
    }
    maker.make();
    layout.share(shapes);
    spare = builder.isSmall() ? builder : null;
    return new Zone(layout);
  }
}
