import gossipPb from '@eventstore/db-client/generated/gossip_pb.js';
import type { ClusterInfo } from '@eventstore/db-client/generated/gossip_pb.js';
import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import type { Empty } from '@eventstore/db-client/generated/shared_pb.js';
import type { handleUnaryCall } from '@grpc/grpc-js';

/** Asked by a client that was given several hosts: who leads? A cluster of one, which leads. */
export function gossipHandler(port: () => number): handleUnaryCall<Empty, ClusterInfo> {
  return (_call, answer) => {
    const member = new gossipPb.MemberInfo()
      .setInstanceId(new sharedPb.UUID().setString(crypto.randomUUID()))
      .setTimeStamp(Date.now().toString())
      .setState(gossipPb.MemberInfo.VNodeState.LEADER)
      .setIsAlive(true)
      .setHttpEndPoint(new gossipPb.EndPoint().setAddress('127.0.0.1').setPort(port()));
    answer(null, new gossipPb.ClusterInfo().setMembersList([member]));
  };
}
