from django.db import models


class Worker(models.Model):
    """A process that does tasks, and when it was seen last."""

    worker_id = models.CharField(max_length=64, primary_key=True)
    seen_at = models.DateTimeField()
    clock_offset = models.FloatField(
        null=True, help_text="Seconds by which its machine's clock is ahead; none where nobody compared it."
    )

    def __str__(self) -> str:
        return self.worker_id
