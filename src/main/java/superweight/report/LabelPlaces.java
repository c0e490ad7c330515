package superweight.report;

import java.awt.geom.Line2D;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Places for the labels of points, one after the other, clear of lines and of each other; all in pixels, y upwards. */
final class LabelPlaces {
    /** From a point to the middle of a label above or below it. */
    private static final double DISTANCE = 12;

    /** From a point to the nearer end of a label beside it. */
    private static final double BESIDE = 6;

    private final List<Line2D> lines;
    private final List<Rectangle2D> taken = new ArrayList<>();

    LabelPlaces(List<Line2D> lines) {
        this.lines = List.copyOf(lines);
    }

    /**
     * The middle of a label that is to stand near a point: above it if there is room, else where it covers the fewest
     * lines and no other label.
     */
    Point2D next(Point2D point, double width, double height) {
        double half = width / 2;
        Rectangle2D place = Stream.of(
                        around(point, 0, DISTANCE, width, height),
                        around(point, -half, DISTANCE, width, height),
                        around(point, half, DISTANCE, width, height),
                        around(point, -half - BESIDE, 0, width, height),
                        around(point, half + BESIDE, 0, width, height),
                        around(point, 0, -DISTANCE, width, height),
                        around(point, -half, -DISTANCE, width, height),
                        around(point, half, -DISTANCE, width, height))
                .min(Comparator.comparingLong(this::covered)) // the first of equals
                .orElseThrow();
        taken.add(place);
        return new Point2D.Double(place.getCenterX(), place.getCenterY());
    }

    /** How much a label would cover; another label counts more than any number of lines. */
    private long covered(Rectangle2D place) {
        return lines.stream().filter(place::intersectsLine).count()
                + taken.stream().filter(place::intersects).count() * (lines.size() + 1);
    }

    private static Rectangle2D around(Point2D point, double right, double up, double width, double height) {
        return new Rectangle2D.Double(
                point.getX() + right - width / 2, point.getY() + up - height / 2, width, height);
    }
}
