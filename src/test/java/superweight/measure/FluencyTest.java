package superweight.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import superweight.Progress;
import superweight.checkpoint.RandomLlama;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.Intervention;

class FluencyTest {
    @Test
    void aContinuationIsReadByTheOriginalModelWhoeverWroteIt() {
        try (CausalLM model = RandomLlama.small().load()) {
            int[] prompt = model.tokenizer().encode("the man");
            List<Generation> texts = Generation.greedyAll(model, List.of(prompt, new int[] {3}),
                    List.of(Intervention.scale(new Coordinate(0, 2, 3), 5)), 6, OptionalInt.empty(), Progress.NONE);
            List<Fluency> measured = Fluency.of(model, texts, Progress.NONE);
            for (int i = 0; i < texts.size(); i++) {
                int given = texts.get(i).promptIds().size();
                int[] ids = IntStream.concat(
                                texts.get(i).promptIds().stream().mapToInt(Integer::intValue),
                                texts.get(i).ids().stream().mapToInt(Integer::intValue))
                        .toArray();
                double nll = 0;
                for (int token = given; token < ids.length; token++) {
                    int wanted = ids[token];
                    int[] before = IntStream.range(0, token).map(at -> ids[at]).toArray();
                    nll -= NextToken.top(model, before, List.of(), model.config().vocabSize()).stream()
                            .filter(next -> next.id() == wanted)
                            .mapToDouble(next -> Math.log(next.probability()))
                            .sum();
                }
                assertEquals(nll / 6, measured.get(i).nll(), 1e-4);
            }
        }
    }

    @Test
    void aTextThatRepeatsItselfHasFewDifferentBigrams() {
        assertEquals(1, Fluency.distinctBigrams(List.of(1, 2, 3, 1)));
        assertEquals(0.25, Fluency.distinctBigrams(List.of(7, 7, 7, 7, 7)));
        assertEquals(0.5, Fluency.distinctBigrams(List.of(1, 2, 1, 2, 1)));
        assertThrows(IllegalArgumentException.class, () -> Fluency.distinctBigrams(List.of(1)));
    }
}
