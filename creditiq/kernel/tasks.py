"""The base of every task that hears an event, and the relay that sweeps the outbox."""

from datetime import timedelta

from celery import Task, shared_task

from creditiq.kernel import outbox


class DeliveredTask(Task[..., object]):
    """A task whose message id is the id of its delivery: begun, finished and failed in the database."""

    abstract = True
    acks_late = True
    reject_on_worker_lost = True
    ignore_result = True
    lease = timedelta(seconds=15)

    def __call__(self, *args: object, **kwargs: object) -> object:
        """Run once per delivery; a second message for finished work does nothing."""
        delivery_id = self.request.id
        if delivery_id is None:
            return super().__call__(*args, **kwargs)
        if not outbox.begin(delivery_id, self.lease):
            return None
        try:
            answer = super().__call__(*args, **kwargs)
        except Exception as error:
            outbox.fail(delivery_id, error)
            raise
        outbox.finish(delivery_id)
        return answer


@shared_task(ignore_result=True)
def relay_outbox(**_: object) -> None:
    """Every second: repeat what a broker outage or a crash left behind."""
    outbox.relay()
