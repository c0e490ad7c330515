package superweight.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import superweight.InvalidInputException;

class MinimalPairTest {
    @Test
    void aHundredDifferentPairsOfOneWordEndingsShipWithTheProject() {
        List<MinimalPair> pairs = MinimalPair.bundled();
        assertEquals(100, pairs.size());
        Set<String> contexts = new HashSet<>();
        for (MinimalPair pair : pairs) {
            contexts.add(pair.context());
            contexts.add(pair.opposite());
            assertTrue(pair.ending().matches("[a-z]+") && pair.oppositeEnding().matches("[a-z]+"), pair.toString());
            assertNotEquals(pair.ending(), pair.oppositeEnding());
            for (String context : List.of(pair.context(), pair.opposite())) {
                assertTrue(context.matches("[A-Z].*[a-z]"), context);
                String givenAway = ".*\\b(%s|%s)\\b.*".formatted(pair.ending(), pair.oppositeEnding());
                assertFalse(context.matches(givenAway), context);
            }
        }
        assertEquals(200, contexts.size());
    }

    @Test
    void eachWordIsRightOnceAndWrongOnce() {
        MinimalPair pair = MinimalPair.parse("It rained, so it is | It did not rain, so it is | wet | dry");
        List<TaskItem> items = MinimalPair.items(List.of(pair));
        assertEquals(
                List.of(
                        new Continuation("It rained, so it is", " wet"),
                        new Continuation("It rained, so it is", " dry")),
                items.get(0).continuations());
        assertEquals(
                List.of(
                        new Continuation("It did not rain, so it is", " dry"),
                        new Continuation("It did not rain, so it is", " wet")),
                items.get(1).continuations());
        for (TaskItem item : items) {
            assertTrue(item.isRight(List.of(new LogLikelihood(-1, false), new LogLikelihood(-2, false))));
            assertEquals(0.5, item.chance());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a | b | c", "a | b | c | d | e", "a | b | c |  d", "a |  | c | d"})
    void whatIsNoPairIsRefused(String line) {
        assertThrows(InvalidInputException.class, () -> MinimalPair.parse(line));
    }
}
