package io.shiftadd.registry.job;

import io.shiftadd.job.JobKind;
import jakarta.persistence.LockModeType;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.Pageable;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;

interface JobRepository extends JpaRepository<Job, UUID> {

    /** The row's lock makes the worker's updates wait for ours. */
    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @Query("select j from Job j where j.id = :id")
    Optional<Job> findForChange(UUID id);

    Optional<Job> findByOwnerAndIdempotencyKey(String owner, String idempotencyKey);

    boolean existsByOutputNameAndStateIn(String outputName, Collection<JobState> states);

    @Query("""
            select j.id from Job j
            where (j.modelId = :model or j.baselineModelId = :model) and j.state in :states
            order by j.createdAt""")
    List<UUID> findIdsByModel(UUID model, Collection<JobState> states);

    @Query("""
            select j.id from Job j
            where (j.calibrationTextId = :text or j.evaluationTextId = :text) and j.state in :states
            order by j.createdAt""")
    List<UUID> findIdsByText(UUID text, Collection<JobState> states);

    @Query("""
            select j.id from Job j
            where (j.calibrationImageSetId = :set or j.evaluationImageSetId = :set) and j.state in :states
            order by j.createdAt""")
    List<UUID> findIdsByImageSet(UUID set, Collection<JobState> states);

    @Query("""
            select j from Job j
            where j.state in :states
              and (:kind is null or j.kind = :kind)
              and (:model is null or j.modelId = :model or j.resultModelId = :model)
            """)
    Page<Job> search(Collection<JobState> states, @Nullable JobKind kind, @Nullable UUID model, Pageable page);
}
