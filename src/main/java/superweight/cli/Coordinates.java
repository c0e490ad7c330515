package superweight.cli;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import superweight.InvalidInputException;
import superweight.model.Coordinate;

/** Places of weights, as they are typed. */
final class Coordinates {
    private Coordinates() {}

    /**
     * Reads places, each of which may be named once.
     *
     * @param option the option they were typed for
     */
    static List<Coordinate> distinct(List<String> typed, String option) {
        List<Coordinate> places = typed.stream().map(Coordinate::parse).toList();
        Set<Coordinate> seen = new HashSet<>();
        for (Coordinate place : places) {
            if (!seen.add(place)) {
                throw new InvalidInputException(
                        option + " must name each weight once, but it names " + place + " twice.");
            }
        }
        return places;
    }
}
