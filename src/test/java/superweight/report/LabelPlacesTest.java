package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.geom.Line2D;
import java.awt.geom.Point2D;
import java.util.List;
import org.junit.jupiter.api.Test;

class LabelPlacesTest {
    private static final Point2D POINT = new Point2D.Double(100, 100);

    @Test
    void withoutALineInTheWayALabelStandsAboveItsPoint() {
        assertEquals(new Point2D.Double(100, 112), new LabelPlaces(List.of(line(0, 0, 100, 100))).next(POINT, 30, 12));
    }

    @Test
    void onASlopeItStandsOnTheFreeSide() {
        Point2D rising = new LabelPlaces(List.of(line(80, 20, 100, 100), line(100, 100, 120, 180))).next(POINT, 30, 12);
        assertTrue(rising.getX() < 100, rising::toString);
        Point2D falling = new LabelPlaces(List.of(line(80, 180, 100, 100), line(100, 100, 120, 20))).next(POINT, 30, 12);
        assertTrue(falling.getX() > 100, falling::toString);
    }

    @Test
    void inAValleyItStandsBelow() {
        LabelPlaces places = new LabelPlaces(List.of(
                line(70, 130, 100, 100), line(100, 100, 130, 130), line(60, 100, 140, 100), line(100, 100, 100, 150)));
        assertTrue(places.next(POINT, 30, 12).getY() < 100);
    }

    @Test
    void noLabelCoversAnotherWhileThereIsRoom() {
        LabelPlaces places = new LabelPlaces(List.of());
        Point2D first = places.next(POINT, 30, 12);
        Point2D second = places.next(POINT, 30, 12);
        assertTrue(Math.abs(first.getX() - second.getX()) >= 30 || Math.abs(first.getY() - second.getY()) >= 12,
                () -> first + " and " + second);
    }

    private static Line2D line(double x1, double y1, double x2, double y2) {
        return new Line2D.Double(x1, y1, x2, y2);
    }
}
