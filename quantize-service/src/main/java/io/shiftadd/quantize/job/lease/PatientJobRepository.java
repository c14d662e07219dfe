package io.shiftadd.quantize.job.lease;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.lang.reflect.UndeclaredThrowableException;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * Lets Spring Batch wait for a database that is away, as our own commits do: its steps keep their books between two
 * blocks, and a job that has worked for hours must not fail because they could not be written at that moment.
 */
public final class PatientJobRepository implements BeanPostProcessor {

    private final DatabasePatience patience;

    public PatientJobRepository(DatabasePatience patience) {
        this.patience = patience;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        return bean instanceof JobRepository repository ? patient(repository) : bean;
    }

    private JobRepository patient(JobRepository repository) {
        return (JobRepository) Proxy.newProxyInstance(
                JobRepository.class.getClassLoader(),
                new Class<?>[] {JobRepository.class},
                (proxy, method, arguments) -> patience.call(() -> {
                    try {
                        return method.invoke(repository, arguments);
                    } catch (InvocationTargetException failure) {
                        throw unchecked(failure.getTargetException());
                    } catch (IllegalAccessException impossible) {
                        throw new UndeclaredThrowableException(impossible);
                    }
                }));
    }

    private static RuntimeException unchecked(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return failure instanceof RuntimeException runtime ? runtime : new UndeclaredThrowableException(failure);
    }
}
