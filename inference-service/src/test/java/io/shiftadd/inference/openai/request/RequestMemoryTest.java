package io.shiftadd.inference.openai.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shiftadd.inference.loading.HeapShares;
import io.shiftadd.inference.openai.error.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;

class RequestMemoryTest {

    private final RequestMemory memory = new RequestMemory(new HeapShares(0, 1_000));

    @Test
    void requestsTogetherNeverTakeMoreThanThereIsAndGiveAllBack() {
        Random random = new Random(5);
        List<MockHttpServletRequest> open = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            if (open.isEmpty() || random.nextBoolean()) {
                MockHttpServletRequest request = new MockHttpServletRequest();
                memory.open(request);
                open.add(request);
                take(request, random.nextInt(300));
            } else {
                memory.close(open.remove(random.nextInt(open.size())));
            }
            assertThat(memory.taken()).isBetween(0L, 1_000L);
        }
        open.forEach(memory::close);
        assertThat(memory.taken()).isZero();
    }

    private void take(MockHttpServletRequest request, int bytes) {
        try {
            memory.of(request).take(bytes);
        } catch (ApiException e) {
            assertThat(e.status().value()).isEqualTo(503);
            assertThat(e.retryAfter()).isNotNull();
        }
    }

    @Test
    void whatNeverFitsIsTooLargeAndWhatDoesNotFitNowMayComeBack() {
        MockHttpServletRequest request = new MockHttpServletRequest();
        memory.open(request);
        assertThatThrownBy(() -> memory.of(request).take(1_001))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.status().value()).isEqualTo(413));
        memory.of(request).take(600);
        assertThatThrownBy(() -> memory.during(500, () -> "done"))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.status().value()).isEqualTo(503));
        assertThat(memory.during(400, () -> "done")).isEqualTo("done");
        assertThat(memory.taken()).isEqualTo(600);
    }
}
